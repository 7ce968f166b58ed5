import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteRanges } from '../../../../../infra/boot/http/byte-ranges.ts';

const SIZE = 1000;
const parts = (...ranges: [start: number, end: number][]) => ({ kind: 'parts', parts: ranges.map(([start, end]) => ({ start, end })) });
const whole = { kind: 'whole' };
const unsatisfiable = { kind: 'unsatisfiable' };

const cases: [header: string | undefined, asked: object][] = [
  ['bytes=0-0', parts([0, 1])],
  ['bytes=0-499', parts([0, 500])],
  ['bytes=500-', parts([500, 1000])],
  ['bytes=-1', parts([999, 1000])],
  ['bytes=-5000', parts([0, 1000])],
  ['bytes=999-5000', parts([999, 1000])],
  ['BYTES= 0-1 , 5-6', parts([0, 2], [5, 7])],
  ['bytes=0-1,2-3', parts([0, 4])],
  ['bytes=5-6,0-1', parts([5, 7], [0, 2])],
  ['bytes=0-1,5000-', parts([0, 2])],
  [undefined, whole],
  ['', whole],
  ['bytes=', whole],
  ['bytes=-', whole],
  ['bytes=5-1', whole],
  ['bytes=a-b', whole],
  ['bytes=0-1;5-6', whole],
  ['items=0-1', whole],
  ['bytes=1000-', unsatisfiable],
  ['bytes=-0', unsatisfiable],
  ['bytes=0-5,3-8', unsatisfiable],
  [`bytes=${Array.from({ length: 17 }, (_, i) => `${i * 10}-${i * 10 + 1}`).join(',')}`, unsatisfiable],
];

for (const [header, asked] of cases) {
  test(`reads '${(header ?? 'no header').slice(0, 40)}' as ${JSON.stringify(asked).slice(0, 60)}`, () => { assert.deepEqual(byteRanges(header, SIZE), asked); });
}

test('finds nothing in an empty file but all of it', () => {
  assert.deepEqual([byteRanges(undefined, 0), byteRanges('bytes=0-', 0), byteRanges('bytes=-1', 0)], [whole, unsatisfiable, unsatisfiable]);
});
