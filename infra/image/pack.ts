import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { LunaError } from '../../domain/errors.ts';
import type { Artefact } from '../../domain/osimage.ts';
import { treeMistake } from '../../domain/tree-path.ts';
import { clearAsides, placeFile, sumFile, writeAside } from './content-files.ts';
import { cpioArchive } from './cpio.ts';
import type { ImageKey } from './image-key.ts';
import { buildInitramfs, initramfsKey, type InitramfsRequest } from './initramfs.ts';
import { chooseKernel } from './kernel.ts';
import { manifestText, type PieceSums } from './manifest.ts';
import { createPieceHasher, makeMetainfo, pieceLengthFor } from './metainfo.ts';
import { networkStyleOf } from './network-style.ts';
import { checkNodeTools } from './node-tools.ts';
import { familyOf } from './os-family.ts';
import { createPackCache } from './pack-cache.ts';
import type { TreeArchive } from './tree-archive.ts';
import { packTree } from './tree-files.ts';

/** How far packing is; `percent` of all of it. */
export interface PackProgress { phase: string; percent: number; message: string }

/** What to pack and where the results go; the folders may lie on different file systems. */
export interface PackRequest {
  osimage: { id: string; name: string; path: string; kernver: string | null; dracutmodules: string; kernmodules: string };
  dirs: { images: string; torrents: string; boot: string; cache: string };
  /** Signs the manifest; its public key goes into the initramfs. */
  key: ImageKey;
  /** Path of the nodes' peer, as peer-build.ts makes it. */
  peer: string;
  signal?: AbortSignal;
  onProgress?: (progress: PackProgress) => void;
  /** zstd levels. */
  levels?: { tree: number; initramfs: number };
}

/**
 * zstd levels. Unpacking costs a node the same at every level; above 9 the controller works long for little. What every
 * machine boots with is sent to each of them, and worth a minute's work.
 */
export const LEVELS = { tree: 9, initramfs: 19 };

/**
 * Packs an image: archive, torrent, kernel, initramfs, manifest, each file named by its content, made aside and put in
 * place only when it is whole. What did not change since an earlier pack is taken from it. The caller moves the image's
 * pointer to the result. Throws LunaError, CommandFailed, or the signal's reason; then nothing new is in place that
 * anybody refers to, and nothing unfinished is left.
 */
export async function packImage(request: PackRequest): Promise<Artefact> {
  const { osimage, dirs, signal } = request;
  const say = (phase: string, percent: number, message = '') => request.onProgress?.({ phase, percent: Math.floor(percent), message });
  const packing = join(dirs.images, '.packing');
  await mkdir(packing, { recursive: true });
  // A try that was given up, for it was not heard, may still be at work when the next one begins.
  const work = await mkdtemp(join(packing, `${osimage.id}.`));
  try {
    say('check', 0, osimage.path);
    await checkTree(osimage.path, osimage.name);
    const chosen = await chooseKernel(osimage.path, osimage.kernver);
    await checkNodeTools(osimage.path);
    const network = await networkStyleOf(osimage.path, osimage.name);
    const kernel = await bootFile(dirs.boot, chosen.path, 'vmlinuz', 'foreign');

    say('initramfs', 2, chosen.kernver);
    const { initramfs, rest, restPieces } = await initramfsFiles(request, chosen.kernver, work, (line) => say('initramfs', 5, line));

    const { archive, torrent } = await packTree({
      tree: osimage.path, level: (request.levels ?? LEVELS).tree, dirs, work, signal, onShare: (share) => { say('tree', 30 + share * 68); },
    });
    say('publish', 99);
    const made: Omit<Artefact, 'manifest' | 'packedAt'> = {
      // Of all that its manifest says, so that a version has one manifest.
      _id: createHash('sha256').update([osimage.id, osimage.name, chosen.kernver, archive.sha256, archive.pieceLength, kernel.sha256, initramfs.sha256, rest.sha256, restPieces.pieceLength, request.key.publicKey.toString('hex')].join('\n')).digest('hex').slice(0, 32),
      osimage: osimage.id,
      osimageName: osimage.name,
      kernver: chosen.kernver,
      family: await familyOf(osimage.path),
      network,
      tree: { file: `${archive.sha256}.tar.zst`, sha256: archive.sha256, size: archive.size, infoHash: torrent.infoHash, unpackedSize: archive.unpackedSize },
      torrent: `${archive.sha256}.torrent`,
      kernel,
      initramfs,
      rest,
    };
    signal?.throwIfAborted();
    const artefact: Artefact = { ...made, manifest: await signedManifest(request, made, archive, restPieces), packedAt: new Date().toISOString() };
    await writeAside(join(dirs.images, `${artefact._id}.json`), `${JSON.stringify(artefact, null, 2)}\n`);
    say('done', 100);
    return artefact;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes what a crash left of packing. To be called before the first pack of a process that packs alone. */
export async function clearUnfinishedPacks({ images, torrents, boot }: Omit<PackRequest['dirs'], 'cache'>): Promise<void> {
  await rm(join(images, '.packing'), { recursive: true, force: true });
  for (const folder of [images, torrents, boot]) await clearAsides(folder);
}

async function checkTree(path: string, name: string): Promise<void> {
  const mistake = treeMistake(path);
  if (mistake !== null) throw new LunaError('invalid', `osimage ${name}: ${mistake}`, `luna osimage change ${name} --path PATH`);
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) throw new LunaError('not-found', `osimage ${name}: ${path} is not a directory on this controller`, `luna osimage change ${name} --path PATH`);
}

async function bootFile(bootDir: string, source: string, kind: string, whose: 'own' | 'foreign' = 'own'): Promise<Artefact['kernel']> {
  const { sha256, size } = await sumFile(source);
  const file = `${sha256}-${kind}`;
  await placeFile(source, join(bootDir, file), whose);
  return { file, sha256, size };
}

interface InitramfsFiles { initramfs: Artefact['initramfs']; rest: NonNullable<Artefact['rest']>; restPieces: PieceSums }

async function initramfsFiles(request: PackRequest, kernver: string, work: string, onLine: (line: string) => void): Promise<InitramfsFiles> {
  const { osimage, dirs, signal } = request;
  const wanted: InitramfsRequest = {
    tree: osimage.path, kernver, dracutmodules: osimage.dracutmodules, kernmodules: osimage.kernmodules, level: (request.levels ?? LEVELS).initramfs,
    peer: request.peer,
  };
  const [cache, restCache] = [createPackCache(join(dirs.cache, 'initramfs')), createPackCache(join(dirs.cache, 'initramfs-rest'))];
  const of = await initramfsKey(wanted, signal);
  const [made, rest] = [join(work, 'initramfs'), join(work, 'rest')];
  if (await cache.take(of, made) === null || await restCache.take(of, rest) === null) {
    const built = await buildInitramfs(wanted, join(work, 'dracut'), { signal, onLine });
    await rm(made, { force: true });
    await placeFile(built.first, made);
    await placeFile(built.rest, rest);
    await cache.keep(of, made, (await sumFile(made)).sha256, {});
    await restCache.keep(of, rest, (await sumFile(rest)).sha256, {});
  }
  // The key is this instance's, and not worth another minute's work: it comes after what all instances may share.
  const ours = join(work, 'with-key');
  const key = zstdCompressSync(cpioArchive([{ path: 'etc', data: null }, { path: 'etc/luna', data: null }, { path: 'etc/luna/image.pub', data: request.key.publicKey }]));
  await writeFile(ours, Buffer.concat([await readFile(made), key]));
  return { initramfs: await bootFile(dirs.boot, ours, 'initramfs'), ...await restFiles(dirs, rest) };
}

/** The rest of the initramfs, where the boot service serves it to one machine and where the seeder does to all. */
async function restFiles(dirs: PackRequest['dirs'], source: string): Promise<Pick<InitramfsFiles, 'rest' | 'restPieces'>> {
  const served = await bootFile(dirs.boot, source, 'rest');
  const pieceLength = pieceLengthFor(served.size);
  const [pieces, sums] = [createPieceHasher(pieceLength), createPieceHasher(pieceLength, 'sha256')];
  for await (const part of createReadStream(source) as AsyncIterable<Buffer>) {
    pieces.update(part);
    sums.update(part);
  }
  const { bytes, infoHash } = makeMetainfo({ name: served.file, size: served.size, pieceLength, pieces: pieces.pieces() });
  const torrent = `${served.sha256}-rest.torrent`;
  await placeFile(source, join(dirs.torrents, served.file));
  await writeAside(join(dirs.torrents, torrent), bytes);
  return { rest: { ...served, infoHash, torrent }, restPieces: { pieceLength, sums: sums.pieces() } };
}

/** The signature comes first into its place: whoever finds a manifest finds what proves it. */
async function signedManifest({ dirs, key }: PackRequest, made: Omit<Artefact, 'manifest' | 'packedAt'>, archive: TreeArchive, restPieces: PieceSums): Promise<Artefact['manifest']> {
  const text = Buffer.from(manifestText(made, archive, restPieces));
  const file = `${made._id}.manifest`;
  const signature = key.sign(text);
  await writeAside(join(dirs.torrents, `${file}.sig`), signature);
  await writeAside(join(dirs.torrents, file), text);
  return { file, sha256: sha256Of(text), size: text.length, signatureSha256: sha256Of(signature) };
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
