import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { placeFile, writeAside } from './content-files.ts';
import { listTree } from './listing.ts';
import { makeMetainfo, pieceLengthFor } from './metainfo.ts';
import { createPackCache } from './pack-cache.ts';
import { archiveTree, type TreeArchive } from './tree-archive.ts';

/** A tree to be packed, where the files go, and a folder for what is unfinished. `level` is zstd's. */
export interface TreeRequest {
  tree: string;
  level: number;
  dirs: { torrents: string; cache: string };
  work: string;
  signal?: AbortSignal | undefined;
  /** How much of the tree is in the archive, 0 to 1. */
  onShare?: (share: number) => void;
}

type ArchiveFacts = Omit<TreeArchive, 'path' | 'pieces' | 'sums'> & { pieces: string; sums: string };

/**
 * The archive of a tree and its torrent, in the folder they are served from under names of their content; from an earlier
 * pack when the tree is the same. Throws CommandFailed or the signal's reason.
 */
export async function packTree({ tree, level, dirs, work, signal, onShare }: TreeRequest): Promise<{ archive: TreeArchive; torrent: { infoHash: string } }> {
  const listing = await listTree(tree, { signal });
  const cache = createPackCache(join(dirs.cache, 'trees'));
  const key = createHash('sha256').update(`${listing.hash} ${level}, summed by SHA-256`).digest('hex');
  const path = join(work, 'tree.tar.zst');
  let archive: TreeArchive;
  const known = await cache.take(key, path) as ArchiveFacts | null;
  if (known) {
    archive = { ...known, path, pieces: Buffer.from(known.pieces, 'base64'), sums: Buffer.from(known.sums, 'base64') };
  } else {
    archive = await archiveTree({
      tree, out: path, level, signal,
      // What it will be packed is a guess; the number of pieces need not be exact.
      pieceLength: pieceLengthFor(listing.bytes / 3),
      onBytes: (bytes) => onShare?.(Math.min(bytes / Math.max(listing.bytes, 1), 1)),
    });
    // A tree that was changed meanwhile must not pass for the one before or the one after.
    const after = await listTree(tree, { signal });
    if (after.hash === listing.hash) await cache.keep(key, path, archive.sha256, { ...archive, path: undefined, pieces: archive.pieces.toString('base64'), sums: archive.sums.toString('base64') });
  }
  signal?.throwIfAborted();
  const torrent = makeMetainfo({ name: `${archive.sha256}.tar.zst`, size: archive.size, pieceLength: archive.pieceLength, pieces: archive.pieces });
  await placeFile(path, join(dirs.torrents, `${archive.sha256}.tar.zst`));
  await writeAside(join(dirs.torrents, `${archive.sha256}.torrent`), torrent.bytes);
  return { archive, torrent };
}
