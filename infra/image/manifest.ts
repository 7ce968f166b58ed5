import type { Artefact } from '../../domain/osimage.ts';

/** The sums of a file that goes from machine to machine in pieces: SHA-256 of each, one after another. */
export interface PieceSums { pieceLength: number; sums: Uint8Array }

/**
 * What a packed version consists of, by SHA-256, for who trusts nothing but a signature: one line of JSON whose keys have
 * this order. `tree.infoHash` names the torrent, whose own SHA-1 sums nobody trusts.
 */
export function manifestText(artefact: Omit<Artefact, 'manifest' | 'packedAt'>, pieces: PieceSums, restPieces?: PieceSums): string {
  const { _id, osimageName, kernver, tree, kernel, initramfs, rest } = artefact;
  return `${JSON.stringify({
    artefact: _id,
    osimage: osimageName,
    kernver,
    tree: inPieces(tree, pieces),
    kernel: { sha256: kernel.sha256, size: kernel.size },
    initramfs: { sha256: initramfs.sha256, size: initramfs.size },
    ...(rest && restPieces ? { rest: inPieces(rest, restPieces) } : {}),
  })}\n`;
}

function inPieces({ sha256, size, infoHash }: { sha256: string; size: number; infoHash: string }, { pieceLength, sums }: PieceSums) {
  return { sha256, size, pieceLength, pieces: Buffer.from(sums).toString('hex'), infoHash };
}
