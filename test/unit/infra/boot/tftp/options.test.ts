import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { largestBlock, negotiate } from '../../../../../infra/boot/tftp/options.ts';

describe('negotiate', () => {
  const table: [string, Record<string, string>, Record<string, string>, number, number, number?][] = [
    ['nothing', {}, {}, 512, 1000],
    ['a block size', { blksize: '1428' }, { blksize: '1428' }, 1428, 1000],
    ['a block size beyond one frame by the largest that fits', { blksize: '65464' }, { blksize: '1468' }, 1468, 1000],
    ['the smallest block size', { blksize: '8' }, { blksize: '8' }, 8, 1000],
    ['a block size out of bounds by ignoring it', { blksize: '7' }, {}, 512, 1000],
    ['a block size that is no number by ignoring it', { blksize: '1e3' }, {}, 512, 1000],
    ['the size of the file', { tsize: '0' }, { tsize: '7777' }, 512, 1000],
    ['a time-out', { timeout: '3' }, { timeout: '3' }, 512, 3000],
    ['a time-out out of bounds by ignoring it', { timeout: '0' }, {}, 512, 1000],
    ['a window', { windowsize: '4', blksize: '1024' }, { blksize: '1024', windowsize: '4' }, 1024, 1000, 4],
    ['a window beyond what cards hold by the largest', { windowsize: '65535' }, { windowsize: '64' }, 512, 1000, 64],
    ['a window of nothing by ignoring it', { windowsize: '0' }, {}, 512, 1000],
    ['an unknown option by ignoring it', { multicast: '', blksize: '1024' }, { blksize: '1024' }, 1024, 1000],
  ];
  for (const [name, asked, granted, blockSize, timeoutMs, windowSize = 1] of table) {
    it(`grants ${name}`, () => {
      const terms = negotiate(new Map(Object.entries(asked)), 7777);

      assert.deepEqual(terms, { granted: new Map(Object.entries(granted)), blockSize, timeoutMs, windowSize });
    });
  }

  it('keeps a block within one frame of IPv6', () => {
    assert.equal(negotiate(new Map([['blksize', '1468']]), 0, largestBlock.ipv6).blockSize, 1448);
  });
});
