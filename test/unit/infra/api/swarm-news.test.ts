import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SwarmNews } from '../../../../domain/swarm.ts';
import { swarmNews } from '../../../../infra/api/swarm-news.ts';

const demoted = (node: string): SwarmNews => ({ at: '2026-01-01T10:00:00.000Z', osimage: 'compute', part: 'tree', kind: 'demoted', nodes: [node], why: 'is late' });

test('what happens in swarms is told once, from when somebody follows, and again when the boot services are back', async () => {
  let there: SwarmNews[] | null = [demoted('node001')];
  const news = swarmNews(() => (there === null ? Promise.reject(new Error('away')) : Promise.resolve(there)));

  assert.deepEqual(await news(), []);
  there = [demoted('node001'), demoted('node002')];
  assert.deepEqual(await news(), [demoted('node002')]);
  assert.deepEqual(await news(), []);
  there = null;
  assert.deepEqual(await news(), []);
  there = [demoted('node003')];
  assert.deepEqual(await news(), [demoted('node003')]);
});
