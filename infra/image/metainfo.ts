import { createHash } from 'node:crypto';

/** A private single-file torrent (BEP 3, BEP 27) and its info hash in hex. */
export interface Metainfo { bytes: Buffer; infoHash: string }

/** Bencodes what a .torrent needs: integers, strings, bytes, dictionaries with keys in order. */
function bencode(value: number | string | Uint8Array | Record<string, unknown>): Buffer {
  if (typeof value === 'number') return Buffer.from(`i${value}e`);
  if (typeof value === 'string') return bencode(Buffer.from(value));
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from(`${value.length}:`), value]);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) as [string, number | string | Uint8Array][];
  return Buffer.concat([Buffer.from('d'), ...entries.flatMap(([key, entry]) => [bencode(key), bencode(entry)]), Buffer.from('e')]);
}

/**
 * Makes the .torrent of a file. `pieces` are the SHA-1 sums of its pieces, one after another. The announce is a
 * placeholder: the boot service writes each node's own, and leaves the info dictionary as it is.
 */
export function makeMetainfo(file: { name: string; size: number; pieceLength: number; pieces: Uint8Array }): Metainfo {
  const info = { length: file.size, name: file.name, 'piece length': file.pieceLength, pieces: file.pieces, private: 1 };
  const bytes = bencode({ announce: 'http://luna.invalid/announce', 'created by': 'luna', info });
  return { bytes, infoHash: createHash('sha1').update(bencode(info)).digest('hex') };
}

/**
 * The piece length for a file of about this size: some 4000 pieces, so that a piece is passed on long before the file is
 * whole, within what clients take.
 */
export function pieceLengthFor(bytes: number): number {
  const wanted = 2 ** Math.round(Math.log2(Math.max(bytes, 1) / 4000));
  return Math.min(Math.max(wanted, 32 * 1024), 1024 * 1024);
}

/** Sums the pieces of a stream of bytes of any chunking; `algorithm` is node's name for it. */
export function createPieceHasher(pieceLength: number, algorithm: 'sha1' | 'sha256' = 'sha1'): { update(bytes: Uint8Array): void; pieces(): Buffer } {
  const sums: Buffer[] = [];
  let hash = createHash(algorithm);
  let filled = 0;
  const close = () => {
    sums.push(hash.digest());
    hash = createHash(algorithm);
    filled = 0;
  };
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length;) {
        const part = bytes.subarray(at, at + pieceLength - filled);
        hash.update(part);
        filled += part.length;
        at += part.length;
        if (filled === pieceLength) close();
      }
    },
    pieces() {
      if (filled > 0) close();
      return Buffer.concat(sums);
    },
  };
}
