import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';

/** A kernel of a tree: its release and where its image is. */
export interface Kernel { kernver: string; path: string }

/** Orders kernel releases as package managers do: `6.1.0-9` before `6.1.0-56`, `6.1.0~rc1` before `6.1.0`, `1160.el7` before `1160.119.el7`. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [words(a), words(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = rank(left[i]) - rank(right[i]) || compareWords(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

const words = (release: string): string[] => release.match(/\d+|[a-z]+|~/gi) ?? [];

/** A tilde comes before the end, the end before letters, letters before numbers. */
function rank(word: string | undefined): number {
  if (word === '~') return -1;
  if (word === undefined) return 0;
  return /^\d/.test(word) ? 2 : 1;
}

function compareWords(a: string, b: string): number {
  if (/^\d/.test(a)) return Number(a) - Number(b);
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The kernels of a tree, oldest first. One counts when it has both an image and modules. */
export async function kernelsOf(tree: string): Promise<Kernel[]> {
  const modules = await readdir(join(tree, 'lib', 'modules')).catch(() => []);
  const found: Kernel[] = [];
  for (const kernver of modules) {
    for (const path of [join(tree, 'boot', `vmlinuz-${kernver}`), join(tree, 'lib', 'modules', kernver, 'vmlinuz')]) {
      if (found.at(-1)?.kernver !== kernver && await isFile(path)) found.push({ kernver, path });
    }
  }
  return found.sort((a, b) => compareReleases(a.kernver, b.kernver));
}

/** The kernel of a tree: the one wanted, or the newest. Throws LunaError `not-found` with what there is. */
export async function chooseKernel(tree: string, wanted: string | null): Promise<Kernel> {
  const found = await kernelsOf(tree);
  const chosen = wanted === null ? found.at(-1) : found.find((kernel) => kernel.kernver === wanted);
  if (chosen) return chosen;
  if (wanted === null) throw new LunaError('not-found', `${tree} has no kernel (a /boot/vmlinuz-VERSION with its /lib/modules/VERSION): install one in it`);
  throw new LunaError('not-found', `${tree} has no kernel ${wanted}; it has ${found.map((kernel) => kernel.kernver).join(', ') || 'none'}`, 'luna osimage change NAME --kernver VERSION');
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then((s) => s.isFile(), () => false);
}
