/** A file or directory of an archive; `data` is null for a directory. Paths have no leading slash. */
export interface ArchiveEntry { path: string; data: Uint8Array | null }

/**
 * An archive in cpio's "new" format (newc), which the kernel unpacks as an initramfs, of files that everybody may read and that
 * are root's (Documentation/driver-api/early-userspace/buffer-format.rst of the kernel).
 */
export function cpioArchive(entries: readonly ArchiveEntry[]): Buffer {
  const all = [...entries.map(({ path, data }, i) => entry(path, data, i + 1)), entry('TRAILER!!!', new Uint8Array(0), 0)];
  return Buffer.concat(all);
}

const [FILE, DIRECTORY] = [0o100644, 0o040755];

function entry(path: string, data: Uint8Array | null, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const mode = data === null ? DIRECTORY : FILE;
  // inode, mode, uid, gid, links, mtime, size, device, device of a node, length of the name, checksum
  const fields = [inode, mode, 0, 0, data === null ? 2 : 1, 0, data?.length ?? 0, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(Buffer.from(data ?? []))]);
}

/** Header with name, and data, each fill whole words. */
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - bytes.length % 4) % 4)]);
