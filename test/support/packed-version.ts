import { link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artefact } from '../../domain/osimage.ts';
import type { PackedDirs } from '../../infra/image/remove-packed.ts';
import { artefact } from './boot-http.ts';

/** What each of a version's files holds: ten bytes. */
const CONTENT = 'ten bytes.';

/** A packed version whose id and files are a hex digit over and over; `kernel`: of its kernel. */
export function packedVersion(digit: string, { kernel = digit, ...changes }: Partial<Omit<Artefact, 'kernel'>> & { kernel?: string } = {}): Artefact {
  const [id, sum, kernelSum] = [digit.repeat(32), digit.repeat(64), kernel.repeat(64)];
  return artefact({
    _id: id,
    tree: { file: `${sum}.tar.zst`, sha256: sum, size: CONTENT.length, infoHash: digit.repeat(40), unpackedSize: 1 },
    torrent: `${sum}.torrent`,
    kernel: { file: `${kernelSum}-vmlinuz`, sha256: kernelSum, size: CONTENT.length },
    initramfs: { file: `${sum}-initramfs`, sha256: sum, size: CONTENT.length },
    rest: { file: `${sum}-rest`, sha256: sum, size: CONTENT.length, infoHash: digit.repeat(40), torrent: `${sum}-rest.torrent` },
    manifest: { file: `${id}.manifest`, sha256: sum, size: CONTENT.length, signatureSha256: sum },
    ...changes,
  });
}

/** Puts a version's ten files where packing puts them, the rest of the initramfs under its two names. */
export async function placeVersion({ images, torrents, boot }: PackedDirs, { _id, tree, torrent, kernel, initramfs, rest, manifest }: Artefact): Promise<void> {
  if (!rest || !manifest) throw new Error(`${_id} is of before the initramfs was in two parts`);
  const inTorrents = [tree.file, torrent, rest.torrent, manifest.file, `${manifest.file}.sig`].map((name) => join(torrents, name));
  const inBoot = [kernel.file, initramfs.file, rest.file].map((name) => join(boot, name));
  for (const path of [join(images, `${_id}.json`), ...inTorrents, ...inBoot]) await writeFile(path, CONTENT);
  await link(join(boot, rest.file), join(torrents, rest.file));
}
