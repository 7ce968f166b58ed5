import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forgetOldest } from '../../../../infra/boot/forget-oldest.ts';

describe('a map that forgets', () => {
  it('is left alone until it holds too much', () => {
    const map = new Map([['a', 1], ['b', 2]]);

    forgetOldest(map, 2);

    assert.deepEqual([...map.keys()], ['a', 'b']);
  });

  it('loses those that came first, at least one', () => {
    const map = new Map([['a', 1], ['b', 2], ['c', 3]]);

    forgetOldest(map, 2);

    assert.deepEqual([...map.keys()], ['b', 'c']);
  });

  it('loses an eighth at once, and as many as are too many', () => {
    const of = (count: number) => new Map(Array.from({ length: count }, (_, i) => [String(i), i] as const));
    const [few, many] = [of(17), of(40)];

    forgetOldest(few, 16);
    forgetOldest(many, 16);

    assert.deepEqual([few.size, [...few.keys()][0], many.size], [15, '2', 16]);
  });
});
