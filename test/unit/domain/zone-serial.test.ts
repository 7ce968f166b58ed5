import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { risingSerial } from '../../../domain/zone-serial.ts';

const at = (seconds: number): Date => new Date(seconds * 1000);

describe('a serial', () => {
  const cases: [why: string, changed: number, previous: number | null, serial: number][] = [
    ['is the time of the newest change', 1_800_000_000, null, 1_800_000_000],
    ['is the time also after an older one', 1_800_000_000, 1_700_000_000, 1_800_000_000],
    ['rises within one second', 1_800_000_000, 1_800_000_000, 1_800_000_001],
    ['rises when the clock was set back', 1_700_000_000, 1_800_000_000, 1_800_000_001],
    ['rises from one that was written by date', 1_800_000_000, 2_026_112_201, 2_026_112_202],
    ['goes past the end', 1_800_000_000, 4_294_967_295, 1_800_000_000],
    ['is never 0', 0, null, 1],
  ];
  for (const [why, changed, previous, serial] of cases) it(why, () => { assert.equal(risingSerial(at(changed), previous), serial); });
});
