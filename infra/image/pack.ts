import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import type { Artefact } from '../../domain/osimage.ts';
import { placeFile, sumFile } from './content-files.ts';
import { buildInitramfs, initramfsKey, type InitramfsRequest } from './initramfs.ts';
import { chooseKernel } from './kernel.ts';
import { listTree } from './listing.ts';
import { makeMetainfo, pieceLengthFor } from './metainfo.ts';
import { checkNodeTools } from './node-tools.ts';
import { familyOf } from './os-family.ts';
import { createPackCache } from './pack-cache.ts';
import { archiveTree, type TreeArchive } from './tree-archive.ts';

/** How far packing is; `percent` of all of it. */
export interface PackProgress { phase: string; percent: number; message: string }

/** What to pack and where the results go; the folders may lie on different file systems. */
export interface PackRequest {
  osimage: { id: string; name: string; path: string; kernver: string | null; dracutmodules: string; kernmodules: string };
  dirs: { images: string; torrents: string; boot: string; cache: string };
  signal?: AbortSignal;
  onProgress?: (progress: PackProgress) => void;
  /** zstd levels. */
  levels?: { tree: number; initramfs: number };
}

/**
 * zstd levels. Unpacking costs a node the same at every level; above 9 the controller works long for little: an
 * initramfs takes 5 s at 9 (33 MB) and two minutes at 19 (29 MB).
 */
export const LEVELS = { tree: 9, initramfs: 9 };

/**
 * Packs an image: archive, torrent, kernel, initramfs, manifest, each file named by its content, made aside and put in
 * place only when it is whole. What did not change since an earlier pack is taken from it. The caller moves the image's
 * pointer to the result. Throws LunaError, CommandFailed, or the signal's reason; then nothing new is in place that
 * anybody refers to, and nothing unfinished is left.
 */
export async function packImage(request: PackRequest): Promise<Artefact> {
  const { osimage, dirs, signal } = request;
  const say = (phase: string, percent: number, message = '') => request.onProgress?.({ phase, percent: Math.floor(percent), message });
  const work = join(dirs.images, '.packing', osimage.id);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    say('check', 0, osimage.path);
    await checkTree(osimage.path, osimage.name);
    const chosen = await chooseKernel(osimage.path, osimage.kernver);
    await checkNodeTools(osimage.path);
    const kernel = await bootFile(dirs.boot, chosen.path, 'vmlinuz', 'foreign');

    say('initramfs', 2, chosen.kernver);
    const initramfs = await initramfsFile(request, chosen.kernver, work, (line) => say('initramfs', 5, line));

    const { archive, torrent } = await treeFiles(request, work, (share) => say('tree', 30 + share * 68));
    say('publish', 99);
    const artefact: Artefact = {
      _id: createHash('sha256').update([osimage.id, chosen.kernver, archive.sha256, kernel.sha256, initramfs.sha256].join('\n')).digest('hex').slice(0, 32),
      osimage: osimage.id,
      osimageName: osimage.name,
      kernver: chosen.kernver,
      family: await familyOf(osimage.path),
      tree: { file: `${archive.sha256}.tar.zst`, sha256: archive.sha256, size: archive.size, infoHash: torrent.infoHash, unpackedSize: archive.unpackedSize },
      torrent: `${archive.sha256}.torrent`,
      kernel,
      initramfs,
      packedAt: new Date().toISOString(),
    };
    signal?.throwIfAborted();
    await writeAside(join(dirs.images, `${artefact._id}.json`), `${JSON.stringify(artefact, null, 2)}\n`);
    say('done', 100);
    return artefact;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes what a crash left of packing. To be called before the first pack of a process that packs alone. */
export async function clearUnfinishedPacks(imagesDir: string): Promise<void> {
  await rm(join(imagesDir, '.packing'), { recursive: true, force: true });
}

async function checkTree(path: string, name: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) throw new LunaError('not-found', `osimage ${name}: ${path} is not a directory on this controller`, `luna osimage change ${name} --path PATH`);
}

async function bootFile(bootDir: string, source: string, kind: string, whose: 'own' | 'foreign' = 'own'): Promise<Artefact['kernel']> {
  const { sha256, size } = await sumFile(source);
  const file = `${sha256}-${kind}`;
  await placeFile(source, join(bootDir, file), whose);
  return { file, sha256, size };
}

async function initramfsFile(request: PackRequest, kernver: string, work: string, onLine: (line: string) => void): Promise<Artefact['initramfs']> {
  const { osimage, dirs, signal } = request;
  const wanted: InitramfsRequest = {
    tree: osimage.path, kernver, dracutmodules: osimage.dracutmodules, kernmodules: osimage.kernmodules, level: (request.levels ?? LEVELS).initramfs,
  };
  const cache = createPackCache(join(dirs.cache, 'initramfs'));
  const key = await initramfsKey(wanted, signal);
  const made = join(work, 'initramfs');
  if (await cache.take(key, made) === null) {
    await placeFile(await buildInitramfs(wanted, join(work, 'dracut'), { signal, onLine }), made);
    await cache.keep(key, made, {});
  }
  return bootFile(dirs.boot, made, 'initramfs');
}

type ArchiveFacts = Omit<TreeArchive, 'path' | 'pieces'> & { pieces: string };

async function treeFiles(request: PackRequest, work: string, onShare: (share: number) => void): Promise<{ archive: TreeArchive; torrent: { infoHash: string } }> {
  const { osimage, dirs, signal } = request;
  const level = (request.levels ?? LEVELS).tree;
  const listing = await listTree(osimage.path, { signal });
  const cache = createPackCache(join(dirs.cache, 'trees'));
  const key = createHash('sha256').update(`${listing.hash} ${level}`).digest('hex');
  const path = join(work, 'tree.tar.zst');
  let archive: TreeArchive;
  const known = await cache.take(key, path) as ArchiveFacts | null;
  if (known) {
    archive = { ...known, path, pieces: Buffer.from(known.pieces, 'base64') };
  } else {
    archive = await archiveTree({
      tree: osimage.path, out: path, level, signal,
      // What it will be packed is a guess; the number of pieces need not be exact.
      pieceLength: pieceLengthFor(listing.bytes / 3),
      onBytes: (bytes) => onShare(Math.min(bytes / Math.max(listing.bytes, 1), 1)),
    });
    // A tree that was changed meanwhile must not pass for the one before or the one after.
    const after = await listTree(osimage.path, { signal });
    if (after.hash === listing.hash) await cache.keep(key, path, { ...archive, path: undefined, pieces: archive.pieces.toString('base64') });
  }
  signal?.throwIfAborted();
  const torrent = makeMetainfo({ name: `${archive.sha256}.tar.zst`, size: archive.size, pieceLength: archive.pieceLength, pieces: archive.pieces });
  await placeFile(path, join(dirs.torrents, `${archive.sha256}.tar.zst`));
  await writeAside(join(dirs.torrents, `${archive.sha256}.torrent`), torrent.bytes);
  return { archive, torrent };
}

async function writeAside(target: string, content: string | Buffer): Promise<void> {
  const aside = `${target}.${process.pid}.new`;
  await writeFile(aside, content, { mode: 0o644 });
  await rename(aside, target);
}
