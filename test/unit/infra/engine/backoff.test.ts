import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFailure, pauseBefore } from '../../../../infra/engine/backoff.ts';

test('pauses longer with each failure in a row, up to half a minute', () => {
  assert.deepEqual([1, 2, 3, 4, 7, 40].map(pauseBefore), [500, 1000, 2000, 4000, 30_000, 30_000]);
});

test('forgives earlier failures once a part has served a minute', () => {
  assert.equal(countFailure(5, 100), 6);
  assert.equal(countFailure(5, 60_000), 1);
});
