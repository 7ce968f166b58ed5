import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { failure, infoOf, MalformedMetainfo, withTracker } from '../../../../infra/boot/torrent/metainfo.ts';
import { infoHashOf, makeTorrent } from '../../../support/torrent.ts';

const torrent = makeTorrent('tree.tar.zst', randomBytes(200_000));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('a served .torrent', () => {
  test('keeps its info dictionary byte by byte, and other entries', () => {
    const served = withTracker(torrent, { announce: 'http://luna/announce?nonce=1', urlList: ['http://luna/tree'] });

    assert.equal(infoHashOf(served), infoHashOf(torrent));
    assert.deepEqual(infoOf(served), infoOf(torrent));
    assert.match(text(served), /^d8:announce28:http:\/\/luna\/announce\?nonce=113:creation datei1700000000e4:infod/);
    assert.match(text(served), /e8:url-listl16:http:\/\/luna\/treeee$/);
  });

  test('has no web seed unless there is one', () => { assert.doesNotMatch(text(withTracker(torrent, { announce: 'a', urlList: [] })), /url-list|announce-list/); });

  test('is not made of one that is cut off, wherever', () => {
    for (let length = 0; length < torrent.length; length += length < 300 ? 1 : 97) {
      assert.throws(() => withTracker(torrent.subarray(0, length), { announce: 'a', urlList: [] }), MalformedMetainfo, `${length} bytes`);
    }
  });

  test('is not made of other bytes', () => {
    for (const bad of ['', 'le', 'd', 'd1:a', 'd1:ai1', 'dx', 'd01:ae', `d1:a${'l'.repeat(99)}`, 'd9999999999:a']) assert.throws(() => withTracker(Buffer.from(bad), { announce: '', urlList: [] }), MalformedMetainfo, bad);
    assert.throws(() => infoOf(Buffer.from('de')), MalformedMetainfo);
  });
});

test('a refusal is bencoded', () => { assert.equal(text(failure('no ä')), 'd14:failure reason5:no Ã¤e'); });
