import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { CompleteAsyncError } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createNodeStageActivities } from '../../../activities/node-stages.ts';
import type { Evidence } from '../../../domain/evidence.ts';
import type { Order } from '../../../domain/provision.ts';
import type { LunaStage } from '../../../domain/stages.ts';
import { seen } from '../../support/evidence.ts';
import { planned } from '../../support/plan.ts';

let orders: Order[];
let evidence: Evidence[];
let silence: number | null;

const deps = {
  async putOrder(order: Order) { orders.push(order); },
  async removeOrder() { orders = []; },
  evidenceOf: async () => evidence,
  enterStage: async () => undefined,
  silence: async () => silence,
};
const row = (name: 'pxe' | 'partition', attempt = 1, tries = 0) =>
  new MockActivityEnvironment({ attempt }).run(createNodeStageActivities(deps)[name], { nodeId: planned.nodeId, nodeName: planned.nodeName, bootId: 'b1', tries, skip: ['setupbmc'] as LunaStage[] });

beforeEach(() => {
  orders = [];
  evidence = [];
  silence = 1000;
});

describe('waiting for a node’s row', () => {
  it('leaves an order with the task token and waits', async () => {
    await assert.rejects(row('partition'), CompleteAsyncError);

    const [order] = orders;
    assert.equal(order?._id, 'n1');
    assert.equal(order?.row, 'partition');
    assert.deepEqual(order?.skip, ['setupbmc']);
    assert.notEqual(order?.token, '');
  });

  it('ends at once when the packets beat it', async () => {
    evidence = [seen('pxe.kernel', 'ok', { message: 'bios 6.1.0' })];

    assert.equal(await row('pxe'), 'bios 6.1.0');
    assert.deepEqual(orders, []);
  });

  it('numbers attempts apart when an operator had the row run again', async () => {
    await assert.rejects(row('partition', 2, 1), CompleteAsyncError);

    assert.equal(orders[0]?.attempt, 102);
  });

  it('gives a machine up that is silent at the second attempt, and says since when', async () => {
    silence = 93_000;

    await assert.rejects(row('partition', 2), { type: 'AgentLost', nonRetryable: true, message: /last heard 93 s ago, in prescript/ });
  });
});
