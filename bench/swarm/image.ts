import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTracker } from '../../infra/boot/torrent/metainfo.ts';
import { makeMetainfo } from '../../infra/image/metainfo.ts';

/** An image of random bytes with its torrent, manifest, signature and key, all in one folder as `image` and `image.*`. */
export interface BenchImage { bytes: Buffer; infoHash: string }

/** Makes one; `announce` is the tracker's URL. */
export function makeImage(size: number, pieceLength: number, folder: string, announce: string): BenchImage {
  const bytes = randomBytes(size);
  const pieces = Array.from({ length: Math.ceil(size / pieceLength) }, (_, i) => bytes.subarray(i * pieceLength, (i + 1) * pieceLength));
  const sums = (algorithm: string): Buffer => Buffer.concat(pieces.map((piece) => createHash(algorithm).update(piece).digest()));
  const { bytes: torrent, infoHash } = makeMetainfo({ name: 'image', size, pieceLength, pieces: sums('sha1') });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const manifest = Buffer.from(JSON.stringify({ artefact: 'bench', osimage: 'bench', tree: { sha256, size, pieceLength, pieces: sums('sha256').toString('hex') } }));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const written: Record<string, Uint8Array> = {
    image: bytes,
    'image.torrent': withTracker(torrent, { announce, urlList: [] }),
    'image.manifest': manifest,
    'image.signature': sign(null, manifest, privateKey),
    'image.key': publicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
  };
  for (const [name, content] of Object.entries(written)) writeFileSync(join(folder, name), content);
  return { bytes, infoHash };
}
