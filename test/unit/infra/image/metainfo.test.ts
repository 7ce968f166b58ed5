import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { infoOf, withTracker } from '../../../../infra/boot/torrent/metainfo.ts';
import { createPieceHasher, makeMetainfo, pieceLengthFor } from '../../../../infra/image/metainfo.ts';

const KIB = 1024;

describe('making a torrent', () => {
  it('sums pieces however the bytes are chunked', () => {
    const data = Buffer.alloc(100_000, 'luna');
    const expected = [data.subarray(0, 65_536), data.subarray(65_536)].map((piece) => createHash('sha1').update(piece).digest());
    for (const chunk of [1000, 65_536, 65_537, 200_000]) {
      const hasher = createPieceHasher(64 * KIB);
      for (let at = 0; at < data.length; at += chunk) hasher.update(data.subarray(at, at + chunk));
      assert.deepEqual(hasher.pieces(), Buffer.concat(expected));
    }
  });

  it('sums pieces by SHA-256 for the manifest', () => {
    const hasher = createPieceHasher(3, 'sha256');
    hasher.update(Buffer.from('luna'));
    assert.equal(hasher.pieces().toString('hex'), ['lun', 'a'].map((piece) => createHash('sha256').update(piece).digest('hex')).join(''));
  });

  it('makes no piece of nothing after a whole one', () => {
    const hasher = createPieceHasher(16);
    hasher.update(Buffer.alloc(32));
    assert.equal(hasher.pieces().length, 40);
  });

  it('is private and keeps its info hash when the boot service writes another tracker into it', () => {
    const made = makeMetainfo({ name: 'a.tar.zst', size: 5, pieceLength: 32 * KIB, pieces: Buffer.alloc(20) });
    const served = withTracker(made.bytes, { announce: 'http://10.30.0.1:7050/announce?nonce=1', urlList: [] });

    assert.match(made.bytes.toString('latin1'), /7:privatei1ee/);
    assert.equal(createHash('sha1').update(infoOf(served)).digest('hex'), made.infoHash);
    assert.equal(infoOf(made.bytes).length, infoOf(served).length);
  });

  for (const [size, length] of [[1, 32 * KIB], [100e6, 32 * KIB], [1e9, 256 * KIB], [20e9, 1024 * KIB]] as const) {
    it(`cuts ${size} bytes into pieces of ${length / KIB} KiB`, () => {
      assert.equal(pieceLengthFor(size), length);
    });
  }
});
