import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pairsOf, pairUp } from '../../../cli/flag-pairs.ts';

const table: [string, string][] = [
  ['node001 -i BOOTIF 10.30.0.1', 'node001 -i BOOTIF=10.30.0.1'],
  ['-i BOOTIF 10.30.0.1 node001', '-i BOOTIF=10.30.0.1 node001'],
  ['--interface BOOTIF 10.30.0.1 -l y', '--interface BOOTIF=10.30.0.1 -l y'],
  ['-i BOOTIF=10.30.0.1 node001', '-i BOOTIF=10.30.0.1 node001'],
  ['-i BOOTIF -l y', '-i BOOTIF -l y'],
  ['node001 -i BOOTIF', 'node001 -i BOOTIF'],
  ['-- -i a b', '-- -i a b'],
  ['-p 1', '-p 1'],
];

describe('flags with two values', () => {
  for (const [given, paired] of table) {
    it(`reads ${given}`, () => { assert.deepEqual(pairUp(given.split(' '), ['-i', '--interface']), paired.split(' ')); });
  }

  it('gives the pairs back', () => { assert.deepEqual(pairsOf(['BOOTIF=10.30.0.1'], 'a pair'), [['BOOTIF', '10.30.0.1']]); });

  it('refuses half a pair', () => { assert.throws(() => pairsOf(['BOOTIF'], 'an interface and an address'), /Expected an interface and an address, not "BOOTIF"/); });
});
