import { lstat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import { projectRoot } from '../root.ts';

/** The dracut module that becomes the node's initramfs. */
export const nodeModule: string = join(projectRoot, 'infra', 'initramfs', '95luna');

const PATHS = ['usr/sbin', 'usr/bin', 'sbin', 'bin'];
/** The Debian package of a program where the two have different names; RedHat's are the same or have the program's name. */
const PACKAGES: Record<string, string> = {
  dracut: 'dracut-core', 'mkfs.ext4': 'e2fsprogs', sfdisk: 'fdisk', ps: 'procps', modprobe: 'kmod', udevadm: 'udev', ip: 'iproute2', awk: 'mawk',
};

/** The programs of a kind that the node's initramfs takes from the image (`tools.list`). */
export function nodeTools(kind: 'first' | 'required' | 'optional'): string[] {
  return readFileSync(join(nodeModule, 'tools.list'), 'utf8').split('\n').flatMap((line) => (line.startsWith(`${kind}:`) ? line.slice(kind.length + 1).trim().split(/\s+/) : []));
}

/** Throws LunaError `conflict` naming every program that a tree lacks to become an initramfs. */
export async function checkNodeTools(tree: string): Promise<void> {
  const missing: string[] = [];
  for (const tool of ['dracut', ...nodeTools('first'), ...nodeTools('required')]) {
    // lstat: an absolute link points into nowhere when seen from outside the tree.
    const found = await Promise.all(PATHS.map((dir) => lstat(join(tree, dir, tool)).then(() => true, () => false)));
    if (!found.includes(true)) missing.push(tool);
  }
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => PACKAGES[tool] ?? tool))].join(' ');
  throw new LunaError('conflict', `${tree} lacks ${missing.join(', ')}, which its nodes need to install themselves`, `chroot ${tree} apt-get install ${packages}`);
}
