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
  let timer: (() => void) | null = null;
  const content = Uint8Array.from({ length: size }, (_, index) => index % 251);
  const transfer = createTransfer(content, negotiate(new Map(Object.entries(asked)), size), {
    send: (packet) => void sent.push(decode(packet)),
    after(_ms, callback) {
      timer = callback;
      return () => (timer = null);
    },
    now: () => 0,
    ended: (outcome) => void outcomes.push(outcome),
  });
  transfer.start();
  return { transfer, sent, outcomes, expire: () => timer?.(), ack: (block) => transfer.received({ type: 'ack', block }) };
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

  it('takes a client that is silent eight times for gone', () => {
    const { sent, expire, outcomes } = stage(600);
    for (let time = 0; time < 20; time += 1) expire();

    assert.equal(sent.length, 8);
    assert.deepEqual(outcomes, [{ kind: 'gave-up', why: 'no ACK of block 1 of 2 after 8 tries' }]);
  });

  it('ends when the client breaks off, once', () => {
    const { transfer, ack, outcomes } = stage(600, { tsize: '0' });
    transfer.received({ type: 'error', code: 8, message: 'User aborted the transfer' });
    ack(0);
    transfer.abort('the server stops');

    assert.deepEqual(outcomes, [{ kind: 'refused', why: 'User aborted the transfer' }]);
  });
});
