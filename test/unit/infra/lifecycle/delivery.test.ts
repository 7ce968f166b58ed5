import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ActivityNotFoundError } from '@temporalio/client';
import type { Evidence, Progress } from '../../../../domain/evidence.ts';
import type { Order } from '../../../../domain/provision.ts';
import { createDelivery } from '../../../../infra/lifecycle/delivery.ts';
import { seen, waitingFor } from '../../../support/evidence.ts';
import { silentLog } from '../../../support/silent-log.ts';

let order: Order | null;
let evidence: Evidence[];
let told: string[];
let temporal: () => void;

const delivery = () => createDelivery({
  orderOf: async () => order,
  evidenceOf: async () => evidence,
  removeOrder: async () => { order = null; },
  completion: {
    async complete(_token, result) { temporal(); told.push(`complete ${String(result)}`); },
    async fail(_token, err) { temporal(); told.push(`fail ${(err as Error).message}`); },
    async heartbeat(_token, details) { temporal(); told.push(`beat ${(details as Progress).percent}`); },
  },
  log: silentLog,
});
const word = (percent: number): Progress => ({ nodeId: 'n1', bootId: 'b1', stage: 'download', attempt: 1, percent, rate: null, peers: null, message: '', at: '' });

beforeEach(() => {
  order = waitingFor('download');
  evidence = [];
  told = [];
  temporal = () => undefined;
});

describe('delivering evidence', () => {
  it('completes the activity that waits and removes its order', async () => {
    evidence = [seen('download', 'ok', { message: '98 MB verified' })];

    await delivery().deliver('n1');

    assert.deepEqual(told, ['complete 98 MB verified']);
    assert.equal(order, null);
  });

  it('fails the activity with the reason that the node gave', async () => {
    evidence = [seen('download', 'failed', { message: 'tracker unreachable' })];

    await delivery().deliver('n1');

    assert.deepEqual(told, ['fail tracker unreachable']);
  });

  it('tells nobody while the row is going on', async () => {
    await delivery().deliver('n1');

    assert.deepEqual(told, []);
    assert.notEqual(order, null);
  });

  it('keeps the order while Temporal is away, so that the sweep delivers later', async () => {
    evidence = [seen('download', 'ok')];
    temporal = () => { throw new Error('14 UNAVAILABLE'); };
    await delivery().deliver('n1');
    assert.notEqual(order, null);

    temporal = () => undefined;
    await delivery().sweep([waitingFor('download')], 0);

    assert.deepEqual(told, ['complete ']);
  });

  it('sweeps a row that is going on once in fifteen seconds', async () => {
    const d = delivery();
    await d.sweep([waitingFor('download')], 0);
    evidence = [seen('download', 'ok')];

    await d.sweep([waitingFor('download')], 14_999);
    assert.deepEqual(told, []);
    await d.sweep([waitingFor('download')], 15_000);

    assert.deepEqual(told, ['complete ']);
  });

  it('sweeps again at once what it could not deliver', async () => {
    const d = delivery();
    evidence = [seen('download', 'ok')];
    temporal = () => { throw new Error('14 UNAVAILABLE'); };
    await d.sweep([waitingFor('download')], 0);

    temporal = () => undefined;
    await d.sweep([waitingFor('download')], 1);

    assert.deepEqual(told, ['complete ']);
  });

  it('takes an activity that Temporal no longer knows as delivered', async () => {
    evidence = [seen('download', 'ok')];
    temporal = () => { throw new ActivityNotFoundError('Not found'); };

    await delivery().deliver('n1');

    assert.equal(order, null);
  });

  it('passes on at most one heartbeat in five seconds', async () => {
    const d = delivery();

    await d.heartbeat(word(10), 0);
    await d.heartbeat(word(20), 4999);
    await d.heartbeat(word(30), 10_000);

    assert.deepEqual(told, ['beat 10', 'beat 30']);
  });

  it('gives no heartbeat for a boot that nobody waits for', async () => {
    await delivery().heartbeat({ ...word(10), bootId: 'old' }, 0);

    assert.deepEqual(told, []);
  });
});
