import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artefact } from '../../domain/osimage.ts';

/** Where packed files lie. */
export interface PackedDirs { images: string; torrents: string; boot: string }

/** Packed files by the names that packing gives; whatever else lies beside them is somebody else's. */
const NAMES: Record<keyof PackedDirs, RegExp> = {
  images: /^[0-9a-f]{32}\.json$/,
  torrents: /^([0-9a-f]{64}(\.tar\.zst|\.torrent|-rest|-rest\.torrent)|[0-9a-f]{32}\.manifest(\.sig)?)$/,
  boot: /^[0-9a-f]{64}-(vmlinuz|initramfs|rest)$/,
};

/** Files that no version names: another process may be packing one, or copying it here from another controller. */
const ORPHAN_MS = 24 * 3_600_000;
/** Files of a version that was just forgotten: another one that is being made may have found them of use. */
const UNTOUCHED_MS = 3_600_000;

/** `gone`: versions that were just forgotten; `kept`: all there are. `now`: milliseconds since 1970. `goesOn` is asked before each file. */
export interface RemovePacked { gone: readonly Artefact[]; kept: readonly Artefact[]; now: number; goesOn(): boolean }

/**
 * Removes the files of forgotten versions that no other version names, and those that a crash left without any for a
 * day. Tells how many, and what the disk gained in bytes: what the cache of packing has under another name stays on it.
 */
export async function removePacked(dirs: PackedDirs, { gone, kept, now, goesOn }: RemovePacked): Promise<{ files: number; bytes: number }> {
  const named = new Set(kept.flatMap((one) => filesOf(one, dirs)));
  const forgotten = new Set(gone.flatMap((one) => filesOf(one, dirs)));
  const there = (await Promise.all((['images', 'torrents', 'boot'] as const).map((kind) => packedIn(dirs[kind], NAMES[kind])))).flat();
  // A database without any version is one that was lost, or not this instance's: its files may be wanted again.
  const mayGo = (path: string): boolean => !named.has(path) && (kept.length > 0 || forgotten.has(path));
  // Looked at before any is removed: removing one of a file's names changes the time of the others.
  const old = there.filter(({ path, touched }) => mayGo(path) && touched < now - (forgotten.has(path) ? UNTOUCHED_MS : ORPHAN_MS));
  const removed = { files: 0, bytes: 0 };
  for (const { path } of old) {
    if (!goesOn()) break;
    const found = await lstat(path).catch(() => null);
    await rm(path, { force: true });
    removed.files += 1;
    if (found?.nlink === 1) removed.bytes += found.size;
  }
  return removed;
}

/** Packed files of a folder; `touched` is when content, name or mode last changed, in milliseconds since 1970. */
async function packedIn(folder: string, pattern: RegExp): Promise<{ path: string; touched: number }[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name));
  const found = await Promise.all(names.map(async (name) => {
    const path = join(folder, name);
    const state = await lstat(path).catch(() => null);
    return state?.isFile() ? [{ path, touched: Math.max(state.ctimeMs, state.mtimeMs) }] : [];
  }));
  return found.flat();
}

function filesOf({ _id, tree, torrent, kernel, initramfs, rest, manifest }: Artefact, { images, torrents, boot }: PackedDirs): string[] {
  return [
    join(images, `${_id}.json`),
    ...[tree.file, torrent, ...(rest ? [rest.file, rest.torrent] : []), ...(manifest ? [manifest.file, `${manifest.file}.sig`] : [])].map((name) => join(torrents, name)),
    ...[kernel.file, initramfs.file, ...(rest ? [rest.file] : [])].map((name) => join(boot, name)),
  ];
}
