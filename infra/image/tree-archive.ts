import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandFailed, endOf, startCommand } from './command.ts';
import { TRANSIENT } from './listing.ts';
import { createPieceHasher } from './metainfo.ts';

/** A packed tree on disk and what is known of it. */
export interface TreeArchive { path: string; sha256: string; size: number; unpackedSize: number; pieces: Buffer; pieceLength: number }

/** What to pack, where to, and how. `level` is zstd's. */
export interface ArchiveRequest {
  tree: string;
  out: string;
  level: number;
  pieceLength: number;
  signal?: AbortSignal | undefined;
  /** Bytes of the uncompressed archive so far. */
  onBytes?: (bytes: number) => void;
}

/**
 * The archive of a tree as system tar makes it: extended attributes, ACLs, SELinux labels, hard links, holes, numeric
 * owners, one file system. Sorted, without access times and without tar's pid (which newer sparse formats put into
 * names), so that the same tree gives the same bytes.
 */
export function tarArguments(tree: string): string[] {
  return [
    'tar', '--create', '--file=-', `--directory=${tree}`, '--format=posix', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
    '--sort=name', '--numeric-owner', '--one-file-system', '--sparse', '--sparse-version=0.0', '--xattrs', '--xattrs-include=*', '--acls', '--selinux', '--warning=no-file-ignored',
    '--anchored', ...TRANSIENT.map((dir) => `--exclude=./${dir}/*`), '.',
  ];
}

/** Packs a tree: tar, then zstd, summed while it is written. Throws CommandFailed; what is at `out` then is of no use. */
export async function archiveTree(request: ArchiveRequest): Promise<TreeArchive> {
  const { tree, out, level, pieceLength, signal } = request;
  signal?.throwIfAborted();
  const tar = startCommand(tarArguments(tree), ['ignore', 'pipe', 'pipe']);
  const zstd = startCommand(['zstd', '-q', '-c', `-${level}`, '-T0'], ['pipe', 'pipe', 'pipe']);
  const words = { tar: '', zstd: '' };
  tar.stderr?.on('data', (text: Buffer) => { words.tar = (words.tar + text.toString()).slice(-2000); });
  zstd.stderr?.on('data', (text: Buffer) => { words.zstd = (words.zstd + text.toString()).slice(-2000); });
  const sha256 = createHash('sha256');
  const pieces = createPieceHasher(pieceLength);
  let unpackedSize = 0;
  let size = 0;

  const flow = [
    pipeline(tar.stdout as Readable, async function* (source: AsyncIterable<Buffer>) {
      for await (const part of source) {
        unpackedSize += part.length;
        request.onBytes?.(unpackedSize);
        yield part;
      }
    }, zstd.stdin as Writable),
    pipeline(zstd.stdout as Readable, async function* (source: AsyncIterable<Buffer>) {
      for await (const part of source) {
        size += part.length;
        sha256.update(part);
        pieces.update(part);
        yield part;
      }
    }, createWriteStream(out)),
    endOf(tar, 'tar', () => words.tar, signal),
    endOf(zstd, 'zstd', () => words.zstd, signal),
  ];
  // A program's own words say more than a broken pipe; all of it has ended before anything is said.
  const failures = (await Promise.allSettled(flow)).flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures.find((error) => error instanceof CommandFailed) ?? failures[0];
  return { path: out, sha256: sha256.digest('hex'), size, unpackedSize, pieces: pieces.pieces(), pieceLength };
}
