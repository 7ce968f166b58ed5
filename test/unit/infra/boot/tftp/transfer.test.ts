import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { negotiate } from '../../../../../infra/boot/tftp/options.ts';
import { decode, type TftpPacket } from '../../../../../infra/boot/tftp/packet.ts';
import { createTransfer, type Outcome, type Transfer } from '../../../../../infra/boot/tftp/transfer.ts';

interface Stage {
  readonly transfer: Transfer;
  readonly sent: TftpPacket[];
  readonly outcomes: Outcome[];
  /** Lets the retransmission timer run out. */
  expire(): void;
  ack(block: number): void;
}

function stage(size: number, asked: Record<string, string> = {}): Stage {
  const sent: TftpPacket[] = [];
  const outcomes: Outcome[] = [];
  let [time, timer]: [number, { at: number; callback: () => void } | null] = [0, null];
  const content = Uint8Array.from({ length: size }, (_, index) => index % 251);
  const transfer = createTransfer(content, negotiate(new Map(Object.entries(asked)), size), {
    send: (packet) => void sent.push(decode(packet)),
    after(ms, callback) {
      timer = { at: time + ms, callback };
      return () => (timer = null);
    },
    now: () => time,
    ended: (outcome) => void outcomes.push(outcome),
  });
  transfer.start();
  function expire(): void {
    for (const before = sent.length; timer !== null && sent.length === before;) {
      const { at, callback } = timer;
      timer = null;
      time = at;
      callback();
    }
  }
  return { transfer, sent, outcomes, expire, ack: (block) => transfer.received({ type: 'ack', block }) };
}

function summary(packet: TftpPacket | undefined): string {
  return packet?.type === 'data' ? `data ${packet.block}: ${packet.data.length}` : String(packet?.type);
}

describe('a transfer', () => {
  it('begins with DATA when no option was asked for', () => assert.deepEqual(stage(600).sent.map(summary), ['data 1: 512']));

  it('begins with OACK when an option was granted, and with DATA 1 after ACK 0', () => {
    const { sent, ack } = stage(600, { blksize: '1024' });
    ack(0);

    assert.deepEqual(sent.map(summary), ['oack', 'data 1: 600']);
  });

  it('ends with the ACK of a block shorter than a full one', () => {
    const { sent, ack, outcomes } = stage(600);
    ack(1);
    assert.deepEqual(outcomes, []);

    ack(2);

    assert.deepEqual(sent.map(summary), ['data 1: 512', 'data 2: 88']);
    assert.deepEqual(outcomes, [{ kind: 'done' }]);
  });

  it('ends a file of whole blocks with an empty one', () => {
    const { sent, ack } = stage(1024);
    [1, 2, 3].map(ack);

    assert.deepEqual(sent.map(summary), ['data 1: 512', 'data 2: 512', 'data 3: 0']);
  });

  it('sends an empty file as one empty block', () => assert.deepEqual(stage(0).sent.map(summary), ['data 1: 0']));

  it('counts on from 65535 to 0', () => {
    const { sent, ack, outcomes } = stage(65_537 * 8 + 3, { blksize: '8' });
    for (let block = 0; block <= 65_538; block += 1) ack(block & 0xffff);

    assert.deepEqual(sent.slice(65_534, 65_540).map(summary), ['data 65534: 8', 'data 65535: 8', 'data 0: 8', 'data 1: 8', 'data 2: 3']);
    assert.deepEqual(outcomes, [{ kind: 'done' }]);
  });

  it('answers a repeated ACK with nothing, so duplicates do not breed', () => {
    const { sent, ack } = stage(5000);
    [1, 1, 1, 2, 1, 2].map(ack);

    assert.deepEqual(sent.map(summary), ['data 1: 512', 'data 2: 512', 'data 3: 512']);
  });

  it('ignores the ACK of a block not sent yet', () => {
    const { sent, ack } = stage(5000);
    ack(7);

    assert.equal(sent.length, 1);
  });

  it('repeats what was not acknowledged, and goes on', () => {
    const { sent, ack, expire } = stage(600);
    expire();
    expire();
    ack(1);

    assert.deepEqual(sent.map(summary), ['data 1: 512', 'data 1: 512', 'data 1: 512', 'data 2: 88']);
  });

  it('repeats a lost OACK', () => {
    const { sent, expire } = stage(600, { tsize: '0' });
    expire();

    assert.deepEqual(sent.map(summary), ['oack', 'oack']);
  });

  it('takes a client that is silent for ten seconds for gone', () => {
    const { sent, expire, outcomes } = stage(600);
    for (let time = 0; time < 20; time += 1) expire();

    assert.equal(sent.length, 10);
    assert.deepEqual(outcomes, [{ kind: 'gave-up', why: 'no ACK of block 1 of 2 for 10 s' }]);
  });

  it('waits longer for a client that asked for it', () => {
    const { sent, expire, outcomes } = stage(600, { timeout: '5' });
    for (let time = 0; time < 30; time += 1) expire();

    assert.deepEqual([sent.length > 8, outcomes], [true, [{ kind: 'gave-up', why: 'no ACK of block 0 of 2 for 42 s' }]]);
  });

  it('is stalled once the client has taken a part and answers no more', () => {
    const { transfer, ack, expire } = stage(600);
    expire();
    assert.equal(transfer.stalled(), false);

    ack(1);
    assert.equal(transfer.stalled(), false);
    expire();

    assert.equal(transfer.stalled(), true);
  });

  it('ends when the client breaks off, once', () => {
    const { transfer, ack, outcomes } = stage(600, { tsize: '0' });
    transfer.received({ type: 'error', code: 8, message: 'User aborted the transfer' });
    ack(0);
    transfer.abort('the server stops');

    assert.deepEqual(outcomes, [{ kind: 'refused', why: 'User aborted the transfer' }]);
  });
});

describe('a transfer in windows', () => {
  const inWindows = (size: number): Stage => {
    const begun = stage(size, { windowsize: '4' });
    begun.ack(0);
    begun.sent.splice(0);
    return begun;
  };
  /** The blocks sent since it was asked last. */
  const blocks = ({ sent }: Stage): number[] => sent.splice(0).map((packet) => (packet.type === 'data' ? packet.block : -1));

  it('sends the OACK alone', () => assert.deepEqual(stage(5000, { windowsize: '4' }).sent.map(summary), ['oack']));

  it('sends a window after the ACK of the one before', () => {
    const window = stage(5000, { windowsize: '4' });
    window.ack(0);
    window.ack(4);
    window.ack(8);

    assert.deepEqual(blocks(window), [-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('ends with the ACK of its last block, wherever in a window that is', () => {
    const window = inWindows(512 * 5);
    window.ack(4);
    assert.deepEqual([blocks(window), window.outcomes], [[5, 6], []]);

    window.ack(6);

    assert.deepEqual(window.outcomes, [{ kind: 'done' }]);
  });

  it('goes back to what was lost within a window', () => {
    const window = inWindows(50_000);
    window.ack(2);

    assert.deepEqual(blocks(window), [3, 4, 5, 6]);
  });

  it('goes back once when the first block of a window was lost', () => {
    const window = inWindows(50_000);
    window.ack(4);
    window.sent.splice(0);
    window.ack(4);
    window.ack(4);
    window.ack(4);

    assert.deepEqual(blocks(window), [5, 6, 7, 8]);
  });

  it('is not made to go back again by what arrived beyond a gap', () => {
    const window = inWindows(50_000);
    window.ack(1);
    window.sent.splice(0);
    window.ack(1);
    window.ack(1);

    assert.deepEqual(blocks(window), []);
  });

  it('repeats the whole window when no ACK comes', () => {
    const window = inWindows(50_000);
    window.expire();

    assert.deepEqual(blocks(window), [1, 2, 3, 4]);
  });

  it('counts on from 65535 to 0 within a window', () => {
    const window = stage(65_540 * 8, { blksize: '8', windowsize: '4' });
    for (let block = 0; block <= 65_536; block += 4) window.ack(block & 0xffff);
    window.sent.splice(0, window.sent.length - 9);

    assert.deepEqual(blocks(window), [65532, 65533, 65534, 65535, 0, 1, 2, 3, 4]);
  });
});
