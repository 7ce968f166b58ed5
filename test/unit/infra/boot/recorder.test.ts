import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BootGlimpse, BootRecord } from '../../../../domain/boot-record.ts';
import { createRecorder, type NotedRecord } from '../../../../infra/boot/recorder.ts';
import { silentLog } from '../../../support/silent-log.ts';

const MAC = '52:54:00:00:00:01';

function record(changes: Partial<BootRecord> = {}): BootRecord {
  return { at: '2026-01-01T00:00:00.000Z', service: 'dhcp', mac: MAC, ip: null, networkId: null, nodeId: null, saw: 'DISCOVER', answered: null, why: '', facts: {}, ...changes };
}

/** A recorder that knows node-1 by its MAC and 10.30.0.1, and writes down what it keeps and tells. */
function recorder({ broken = false, append }: { broken?: boolean; append?: (records: readonly NotedRecord[]) => Promise<void> } = {}) {
  const kept: NotedRecord[] = [];
  const told: BootRecord[] = [];
  const glimpses: BootGlimpse[] = [];
  const clock = { ms: 0 };
  const made = createRecorder({
    nodeOfMac: (mac) => (mac === MAC ? 'node-1' : null),
    nodeOfIp: (ip) => (ip === '10.30.0.1' ? 'node-1' : null),
    macOfNode: (nodeId) => (nodeId === 'node-1' ? MAC : null),
    append(records) {
      if (append !== undefined) return append(records);
      if (broken) return Promise.reject(new Error('the database is away'));
      kept.push(...records);
      return Promise.resolve();
    },
    noticed: (one) => { told.push(one); },
    glimpsed: (one) => { glimpses.push(one); },
    log: silentLog,
    now: () => clock.ms,
  });
  return { ...made, kept, told, glimpses, clock };
}

describe('a recorder', () => {
  it('writes one batch at a time, and drops what is too much while the database is away', async () => {
    const batches: number[] = [];
    let answer: (() => void) | undefined;
    const { seen, flush, left, stop, clock } = recorder({ append: (records) => new Promise((resolve) => { batches.push(records.length); answer = resolve; }) });
    const say = (count: number): void => {
      for (let i = 0; i < count; i += 1) {
        clock.ms += 1000;
        seen(record());
      }
    };

    say(1);
    const first = flush();
    say(6000);
    const second = flush();
    assert.deepEqual([batches, left()], [[1], 1000]);
    answer?.();
    await first;
    while (batches.length === 1) await sleep(1);
    answer?.();
    await second;
    assert.deepEqual(batches, [1, 5000]);
    await stop();
  });

  it('knows whose transfer it is by the reserved address', async () => {
    const { seen, flush, kept } = recorder();

    seen(record({ service: 'tftp', mac: null, ip: '10.30.0.1', saw: 'RRQ undionly.kpxe' }));
    await flush();

    assert.deepEqual(kept.map(({ mac, nodeId, who }) => [mac, nodeId, who]), [[MAC, 'node-1', MAC]]);
  });

  it('knows a stranger\'s transfer by the address that DHCP gave it', async () => {
    const { seen, flush, kept } = recorder();

    seen(record({ mac: '52:54:00:00:00:99', ip: '10.30.9.9', answered: 'ACK 10.30.9.9' }));
    seen(record({ service: 'http', mac: null, ip: '10.30.9.9', saw: 'GET /luna' }));
    await flush();

    assert.deepEqual(kept.map(({ who, nodeId }) => [who, nodeId]), [['52:54:00:00:00:99', null], ['52:54:00:00:00:99', null]]);
  });

  it('keeps records of somebody known by an address alone, and none of nobody', async () => {
    const { seen, flush, kept } = recorder();

    seen(record({ service: 'dns', mac: null, ip: '10.30.7.7' }));
    seen(record({ mac: null, ip: null }));
    await flush();

    assert.deepEqual(kept.map(({ who }) => who), ['10.30.7.7']);
  });

  it('asks for the record of a machine that nobody declared only as long as it keeps any', async () => {
    const { glimpsed, flush, kept, told, glimpses, left } = recorder();
    const glimpse = { mac: '52:54:00:00:00:99', ip: '10.30.9.9', networkId: 'n1', nodeId: null, arch: 7, booting: true };
    let written = 0;

    for (let i = 0; i < 300; i += 1) glimpsed(glimpse, () => { written += 1; return record({ mac: glimpse.mac, ip: glimpse.ip }); });
    await flush();

    assert.deepEqual([written, told.length, glimpses.length], [kept.length, kept.length, 300 - kept.length]);
    assert.ok(kept.length > 0 && left() === glimpses.length);
  });

  it('asks for every record of a declared machine', () => {
    const { glimpsed, told } = recorder();

    for (let i = 0; i < 300; i += 1) glimpsed({ mac: MAC, ip: null, networkId: null, nodeId: null, arch: null, booting: false }, () => record());

    assert.equal(told.length, 300);
  });

  it('tells every record at once, those that it does not keep too', async () => {
    const { seen, flush, kept, told, left, clock } = recorder();

    for (let i = 0; i < 300; i += 1) seen(record());
    await flush();

    assert.equal(told.length, 300);
    assert.equal(kept.length, 100);
    assert.equal(left(), 200);
    clock.ms = 1000;
    seen(record());
    await flush();
    assert.equal(kept.length, 101);
  });

  it('keeps what declared machines do while strangers flood it', async () => {
    const { seen, flush, kept } = recorder();

    for (let i = 0; i < 5000; i += 1) seen(record({ mac: `02:00:00:00:${(i >> 8).toString(16)}:${(i & 255).toString(16)}` }));
    seen(record());
    await flush();

    assert.equal(kept.length, 501);
    assert.equal(kept.at(-1)?.nodeId, 'node-1');
  });

  it('goes on when the database is away', async () => {
    const { seen, flush, told } = recorder({ broken: true });

    seen(record());
    await flush();
    seen(record());
    await flush();

    assert.equal(told.length, 2);
  });
});
