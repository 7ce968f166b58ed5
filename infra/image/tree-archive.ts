import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { CommandFailed, endOf, startCommand } from './command.ts';
import { followFile } from './follow-file.ts';
import { TRANSIENT } from './listing.ts';
import { createPieceHasher } from './metainfo.ts';
import { tarWords } from './tar-words.ts';

/** A packed tree on disk and what is known of it: `pieces` are the SHA-1 sums of its pieces for the torrent, `sums` the SHA-256 sums. */
export interface TreeArchive { path: string; sha256: string; size: number; unpackedSize: number; pieces: Buffer; sums: Buffer; pieceLength: number }

/** What to pack, where to, and how. `level` is zstd's. */
export interface ArchiveRequest {
  tree: string;
  out: string;
  level: number;
  pieceLength: number;
  signal?: AbortSignal | undefined;
  /** Bytes of the uncompressed archive so far, every megabyte. */
  onBytes?: (bytes: number) => void;
}

/** tar's record: as much as a pipe holds, so that it goes over in one call. */
const RECORD = 64 * 1024;
/** Records between two words about the progress. */
const PROGRESS = 16;

/**
 * The archive of a tree as system tar makes it: extended attributes, ACLs, SELinux labels, hard links, holes, numeric
 * owners, one file system. Sorted, without access times and without tar's pid (which newer sparse formats put into
 * names), so that the same tree gives the same bytes.
 */
export function tarArguments(tree: string): string[] {
  return [
    'tar', '--create', '--file=-', `--directory=${tree}`, '--format=posix', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
    '--sort=name', '--numeric-owner', '--one-file-system', '--sparse', '--sparse-version=0.0', '--xattrs', '--xattrs-include=*', '--acls', '--selinux', '--warning=no-file-ignored',
    `--blocking-factor=${RECORD / 512}`, `--checkpoint=${PROGRESS}`, '--checkpoint-action=echo=records %u', '--totals',
    '--anchored', ...TRANSIENT.map((dir) => `--exclude=./${dir}/*`), '.',
  ];
}

/**
 * Packs a tree: tar and zstd side by side with the kernel between them, summed while it is written. Throws CommandFailed;
 * what is at `out` then is of no use.
 */
export async function archiveTree(request: ArchiveRequest): Promise<TreeArchive> {
  const { tree, out, level, pieceLength, signal } = request;
  signal?.throwIfAborted();
  const target = await open(out, 'w');
  const tar = startCommand(tarArguments(tree), ['ignore', 'pipe', 'pipe']);
  const zstd = startCommand(['zstd', '-q', '-c', `-${level}`, '-T0'], [tar.stdout, target.fd, 'pipe']);
  // zstd has ends of its own; with this one open tar would not notice that zstd is gone.
  tar.stdout?.destroy();
  const words = { tar: '', zstd: '' };
  const counts = tarWords(RECORD, (bytes) => { request.onBytes?.(bytes); });
  tar.stderr?.on('data', (text: Buffer) => { words.tar = (words.tar + counts.read(text.toString())).slice(-2000); });
  zstd.stderr?.on('data', (text: Buffer) => { words.zstd = (words.zstd + text.toString()).slice(-2000); });
  const sha256 = createHash('sha256');
  const pieces = createPieceHasher(pieceLength);
  const sums = createPieceHasher(pieceLength, 'sha256');
  let size = 0;

  const written = endOf(zstd, 'zstd', () => words.zstd, signal);
  const flow = [
    target.close(),
    endOf(tar, 'tar', () => words.tar, signal),
    written,
    followFile(out, written, (part) => {
      size += part.length;
      sha256.update(part);
      pieces.update(part);
      sums.update(part);
    }),
  ];
  // A program's own words say more than a broken pipe; all of it has ended before anything is said.
  const failures = (await Promise.allSettled(flow)).flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures.find((error) => error instanceof CommandFailed) ?? failures[0];
  return { path: out, sha256: sha256.digest('hex'), size, unpackedSize: counts.total(), pieces: pieces.pieces(), sums: sums.pieces(), pieceLength };
}
