import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { LunaError } from '../../../domain/errors.ts';
import type { Artefact } from '../../../domain/osimage.ts';
import type { Site } from '../../../domain/site.ts';
import { infoOf } from '../torrent/metainfo.ts';
import type { FileSums } from './file-sums.ts';

/** A file of a packed version: `what` it is to a person, and its SHA-256 in hex as it was signed. */
export interface PackedFile { what: string; osimage: string; name: string; sha256: string }

/** Throws LunaError `unavailable` when an open file is not what was packed. */
export async function refuseAltered(sums: FileSums, path: string, file: FileHandle, { what, osimage, name, sha256 }: PackedFile): Promise<void> {
  const found = await sums.of(path, file);
  if (found === sha256) return;
  throw new LunaError('unavailable', `the ${what} of osimage ${osimage}, ${name}, is not what was packed: its SHA-256 is ${found}, ${sha256} was signed`, `luna osimage pack ${osimage}`);
}

/** The kernel or initramfs of this name; null when no image names it any more. */
export function bootFileNamed(site: Site, name: string): PackedFile | null {
  for (const { kernel, initramfs, rest, osimageName: osimage } of site.artefacts.values()) {
    if (kernel.file === name) return { what: 'kernel', osimage, name, sha256: kernel.sha256 };
    if (initramfs.file === name) return { what: 'initramfs', osimage, name, sha256: initramfs.sha256 };
    if (rest?.file === name) return { what: 'rest of the initramfs', osimage, name, sha256: rest.sha256 };
  }
  return null;
}

/** The manifest of a packed version, or its signature. */
export function manifestFile({ osimageName: osimage }: Artefact, manifest: NonNullable<Artefact['manifest']>, part: 'manifest' | 'signature'): PackedFile {
  if (part === 'manifest') return { what: part, osimage, name: manifest.file, sha256: manifest.sha256 };
  return { what: 'signature', osimage, name: `${manifest.file}.sig`, sha256: manifest.signatureSha256 };
}

/** Why a machine can't be booted with these files of the boot folder; null when they are what was packed. */
export async function whyNotBootable(deps: { site(): Site; sums: FileSums; bootDir: string }, names: readonly string[]): Promise<LunaError | null> {
  for (const name of names) {
    const packed = bootFileNamed(deps.site(), name);
    if (packed === null) continue;
    const path = join(deps.bootDir, name);
    const file = await open(path).catch(() => null);
    if (file === null) return new LunaError('unavailable', `the ${packed.what} of osimage ${packed.osimage}, ${name}, is missing from this controller`, `luna osimage pack ${packed.osimage}`);
    try {
      await refuseAltered(deps.sums, path, file, packed);
    } catch (error) {
      if (error instanceof LunaError) return error;
      throw error;
    } finally {
      await file.close();
    }
  }
  return null;
}

/** A .torrent of a packed version: its name in torrentsDir and its info hash in hex. */
export interface PackedTorrent { osimageName: string; infoHash: string; torrent: string }

/** Throws LunaError `unavailable` when a stored .torrent is not the one that was packed: its info hash tells. */
export function refuseAlteredTorrent(torrent: Uint8Array, { osimageName, infoHash, torrent: name }: PackedTorrent): void {
  const found = infoHashOf(torrent);
  if (found === infoHash) return;
  throw new LunaError('unavailable', `the torrent of osimage ${osimageName}, ${name}, is not what was packed: its info hash is ${found}, ${infoHash} was signed`, `luna osimage pack ${osimageName}`);
}

function infoHashOf(torrent: Uint8Array): string {
  try {
    return createHash('sha1').update(infoOf(torrent)).digest('hex');
  } catch (error) {
    return error instanceof Error ? `unreadable (${error.message})` : 'unreadable';
  }
}
