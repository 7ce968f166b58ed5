import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTracker } from '../../infra/boot/torrent/metainfo.ts';
import { manifestText } from '../../infra/image/manifest.ts';
import { createPieceHasher, makeMetainfo } from '../../infra/image/metainfo.ts';
import type { ServedTree } from './agent-server.ts';
import { artefact } from './boot-http.ts';

/** An image of a few files, packed and signed as packing does it, and the key that its signature is checked with. */
export interface SignedImage extends Required<ServedTree> { publicKey: Buffer; infoHash: string }

const PIECE = 32 * 1024;

/** Packs a small system that systemd-networkd would run in, into a folder; `bytes` of it are random, so that there are many pieces. */
export async function signedImage(dir: string, bytes = 300_000): Promise<SignedImage> {
  const tree = join(dir, 'tree');
  for (const sub of ['etc/systemd/system/multi-user.target.wants', 'usr/bin', 'usr/lib/systemd', 'sbin', 'proc', 'sys', 'dev', 'run', 'tmp', 'var/lib']) await mkdir(join(tree, sub), { recursive: true });
  await writeFile(join(tree, 'etc/one'), 'linked');
  await link(join(tree, 'etc/one'), join(tree, 'etc/two'));
  await writeFile(join(tree, 'etc/systemd/system/multi-user.target.wants/systemd-networkd.service'), '');
  for (const program of ['usr/bin/tool', 'sbin/init']) await writeFile(join(tree, program), '#!/bin/sh\n', { mode: 0o755 });
  await chmod(join(tree, 'usr/bin/tool'), 0o4755);
  await writeFile(join(tree, 'usr/lib/noise'), randomBytes(bytes));
  const path = join(dir, 'small.tar.zst');
  execFileSync('sh', ['-c', 'tar -C "$1" --numeric-owner -cf - . | zstd -q > "$2"', 'pack', tree, path]);

  const data = readFileSync(path);
  const sha256 = createHash('sha256').update(data).digest('hex');
  const piecesBy = (algorithm: 'sha1' | 'sha256') => {
    const hasher = createPieceHasher(PIECE, algorithm);
    hasher.update(data);
    return hasher.pieces();
  };
  const torrent = makeMetainfo({ name: `${sha256}.tar.zst`, size: data.length, pieceLength: PIECE, pieces: piecesBy('sha1') });
  const packed = artefact({ tree: { file: `${sha256}.tar.zst`, sha256, size: data.length, infoHash: torrent.infoHash, unpackedSize: bytes + 20_480 } });
  const text = Buffer.from(manifestText(packed, { pieceLength: PIECE, sums: piecesBy('sha256') }));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    path, sha256, infoHash: torrent.infoHash, unpacked: bytes + 20_480,
    torrent: (where) => Buffer.from(withTracker(torrent.bytes, where)),
    manifest: { text, signature: sign(null, text, privateKey) },
    publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  };
}
