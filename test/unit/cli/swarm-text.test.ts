import assert from 'node:assert/strict';
import { test } from 'node:test';
import { swarmLine } from '../../../cli/swarm-text.ts';
import type { SwarmSummary } from '../../../domain/swarm.ts';

const summary: SwarmSummary = {
  osimageId: 'id', osimage: 'compute', artefact: 'art1', part: 'tree', infoHash: 'ab', size: 50_000_000, startedAt: null, seconds: null,
  machines: 2, loading: 2, done: 0, gone: 0, rateIn: 8e6, rateOut: 4e6, serverRate: 4e6, copies: 0.4, link: { mbit: 100, known: 'reported' }, bound: 4, share: 0.45,
};

const endOf = (more: Partial<SwarmSummary>): string => swarmLine({ ...summary, ...more }).split('; ').at(-1) ?? '';

test('says how full the links are, and what the image takes over them at best', () => {
  assert.equal(endOf({}), '45 % of the bound, 4.0 s over links of 100 Mbit/s (as the cards report)');
  assert.equal(endOf({ share: null }), 'the bound is 4.0 s over links of 100 Mbit/s (as the cards report)');
  assert.equal(endOf({ link: null, bound: null }), 'the rate of the links is not known yet');
});
