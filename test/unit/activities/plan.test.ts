import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createPlanActivities } from '../../../activities/plan.ts';
import type { Boot } from '../../../domain/provision.ts';
import { planned } from '../../support/plan.ts';

let boots: Boot[];
/** Whether the database goes away right after the next identity is stored. */
let cut: boolean;

const activities = createPlanActivities({
  resolvePlan: () => Promise.resolve(planned),
  startRun: async () => undefined,
  random: (bytes) => String(boots.length).repeat(bytes * 2),
  enterStage: async () => undefined,
  boots: {
    ofRun: async (runId) => boots.find((boot) => boot.runId === runId && boot.state !== 'dead') ?? null,
    lastOfNode: async () => null,
    async insert(boot) { boots.push(boot); },
    change: async () => undefined,
    async endOthers(nodeId, keep) {
      if (cut) {
        cut = false;
        throw new Error('connection closed');
      }
      boots = boots.map((boot) => (boot.nodeId === nodeId && boot._id !== keep ? { ...boot, state: 'dead' } : boot));
    },
  },
  isOff: async () => false,
  evidence: { of: async () => [], append: async () => undefined },
});
type Arm = typeof activities.arm;
const arm = () => new MockActivityEnvironment().run<Parameters<Arm>, Awaited<ReturnType<Arm>>, Arm>(activities.arm, { input: { nodeId: 'n1', nodeName: 'node001', mode: 'asked' as const, from: null }, plan: planned });
const states = (): string[] => boots.map(({ runId, state }) => `${runId === 'old' ? 'old' : 'new'} ${state}`);

beforeEach(() => {
  boots = [{ _id: 'x', bootId: 'x', nodeId: 'n1', nodeName: 'node001', runId: 'old', artefact: 'a1', state: 'held', path: 0, poweredAt: null, deadline: '' }];
  cut = false;
});

describe('arming a node', () => {
  it('gives it a new identity, and ends those it had', async () => {
    const armed = await arm();

    assert.deepEqual(states(), ['old dead', 'new armed']);
    assert.equal(armed.firstStage, 'power');
  });

  it('ends those it had though the first try was cut off after the new one was stored', async () => {
    cut = true;
    await assert.rejects(arm(), /connection closed/);

    const armed = await arm();

    assert.deepEqual(states(), ['old dead', 'new armed']);
    assert.equal(armed.bootId, boots[1]?.bootId);
  });
});
