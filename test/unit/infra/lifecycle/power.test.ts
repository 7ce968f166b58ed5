import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Client } from '@temporalio/client';
import type { PowerAnswer } from '../../../../domain/power.ts';
import { createPower } from '../../../../infra/lifecycle/power.ts';

interface Begun { workflowId: string; nodes: number }

/** A Temporal that carries out what it is asked; `begun` are the workflows, `most` is how many went on at once. `fails`: which of them, counted from 0. */
function temporal({ fails }: { fails?: number } = {}): { client: Client; begun: Begun[]; most: () => number } {
  const begun: Begun[] = [];
  let [open, most] = [0, 0];
  async function execute(_type: string, { workflowId, args: [{ nodes }] }: { workflowId: string; args: [{ nodes: { nodeName: string }[] }] }): Promise<PowerAnswer[]> {
    const nth = begun.push({ workflowId, nodes: nodes.length }) - 1;
    open += 1;
    most = Math.max(most, open);
    await new Promise(setImmediate);
    open -= 1;
    if (nth === fails) throw new Error('14 UNAVAILABLE');
    return nodes.map(({ nodeName }) => ({ node: nodeName, state: 'on' }));
  }
  const client = { withDeadline: (_at: number, call: () => unknown) => call(), workflow: { execute } } as unknown as Client;
  return { client, begun, most: () => most };
}
const nodes = (count: number) => Array.from({ length: count }, (_, i) => ({ nodeId: `n${i}`, nodeName: `node${i}` }));

it('asks so many nodes in one workflow as its history has room for, and answers in the order asked', async () => {
  const { client, begun, most } = temporal();

  const answers = await createPower(client)(nodes(2750), 'status');

  assert.deepEqual(answers.map(({ node }) => node), nodes(2750).map(({ nodeName }) => nodeName));
  assert.deepEqual(begun.map((one) => one.nodes), [500, 500, 500, 500, 500, 250]);
  assert.equal(new Set(begun.map(({ workflowId }) => workflowId)).size, 6);
  assert.equal(most(), 4);
});

it('begins no further workflow when one could not be followed', async () => {
  const { client, begun } = temporal({ fails: 1 });

  await assert.rejects(createPower(client)(nodes(2750), 'off'), { code: 'unavailable' });

  assert.equal(begun.length, 4);
});
