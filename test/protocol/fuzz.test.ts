import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { httpTarget } from '../support/fuzz-http.ts';
import { type FuzzTarget, packetTargets } from '../support/fuzz-targets.ts';
import { mutations } from '../support/mutations.ts';

// A short run of `npm run bench -- fuzz`, with damage of its own.

async function feed(target: FuzzTarget, count: number, seed: number): Promise<number> {
  let taken = 0;
  for (const [at, packet] of target.seeds.entries()) {
    for (const damaged of mutations(packet, Math.ceil(count / target.seeds.length), seed + at)) {
      await target.take(damaged);
      taken += 1;
    }
  }
  return taken;
}

describe('damaged packets', () => {
  for (const make of packetTargets) {
    const target = make();
    it(`of ${target.name} are refused with a reason or answered, and whole ones are answered afterwards`, async () => {
      assert.ok(await feed(target, 10_000, 5) >= 10_000);
      assert.ok(await target.answers());
    });
  }
});

describe('damaged requests', () => {
  for (const name of ['http', 'tracker'] as const) {
    it(`to the ${name} end with their connection, and whole ones are answered afterwards`, async () => {
      const target = await httpTarget(name);
      after(() => target.stop());

      await feed(target, 500, 5);
      assert.ok(await target.answers());
    });
  }
});
