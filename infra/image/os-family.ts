import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The family of operating systems a tree belongs to (`debian`, `redhat`, `suse`), or its own id, by os-release(5). */
export async function familyOf(tree: string): Promise<string> {
  const text = await readFile(join(tree, 'etc/os-release'), 'utf8').catch(() => readFile(join(tree, 'usr/lib/os-release'), 'utf8').catch(() => ''));
  return familyFrom(text);
}

/** The family by the text of an os-release file; `linux` when it says nothing. */
export function familyFrom(osRelease: string): string {
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  const words = [value('ID'), ...value('ID_LIKE').split(' ')];
  if (words.includes('debian') || words.includes('ubuntu')) return 'debian';
  if (['rhel', 'fedora', 'centos'].some((word) => words.includes(word))) return 'redhat';
  if (words.some((word) => /^(sles|suse|opensuse.*)$/.test(word))) return 'suse';
  return value('ID') || 'linux';
}
