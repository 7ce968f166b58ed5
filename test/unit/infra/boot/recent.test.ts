import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRecent } from '../../../../infra/boot/recent.ts';

describe('what was used of late', () => {
  it('is remembered, at least so much of it', () => {
    const recent = createRecent<string, number>(3);
    for (const [value, key] of ['a', 'b', 'c', 'd', 'e'].entries()) recent.set(key, value);

    assert.deepEqual(['c', 'd', 'e'].map((key) => recent.get(key)), [2, 3, 4]);
  });

  it('is never more than twice that', () => {
    const recent = createRecent<string, number>(100);
    const keys = Array.from({ length: 1000 }, (_, at) => `key ${at}`);
    for (const key of keys) recent.set(key, 1);

    assert.ok(keys.filter((key) => recent.get(key) !== undefined).length <= 200);
  });

  it('stays as long as it is asked for', () => {
    const recent = createRecent<string, number>(2);
    recent.set('kept', 0);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      recent.set(key, 1);
      assert.equal(recent.get('kept'), 0);
    }

    assert.equal(recent.get('a'), undefined);
  });
});
