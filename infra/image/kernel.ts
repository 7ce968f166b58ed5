import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';

/** A kernel of a tree: its release and where its image is. */
export interface Kernel { kernver: string; path: string }

/** Orders kernel releases as people do: `6.1.0-9` before `6.1.0-56`, `6.1.0~rc1` before `6.1.0`. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    if (x === y) continue;
    if (x.startsWith('~') !== y.startsWith('~')) return x.startsWith('~') ? -1 : 1;
    if (/^\d/.test(x) && /^\d/.test(y)) {
      if (Number(x) !== Number(y)) return Number(x) - Number(y);
    } else return x < y ? -1 : 1;
  }
  return 0;
}

const parts = (release: string): string[] => release.match(/\d+|\D+/g) ?? [];

/**
 * The kernel of a tree: the one wanted, or the newest. A kernel counts when it has both an image and modules.
 * Throws LunaError `not-found` with what there is.
 */
export async function chooseKernel(tree: string, wanted: string | null): Promise<Kernel> {
  const modules = await readdir(join(tree, 'lib', 'modules')).catch(() => []);
  const found: Kernel[] = [];
  for (const kernver of modules) {
    for (const path of [join(tree, 'boot', `vmlinuz-${kernver}`), join(tree, 'lib', 'modules', kernver, 'vmlinuz')]) {
      if (found.at(-1)?.kernver !== kernver && await isFile(path)) found.push({ kernver, path });
    }
  }
  found.sort((a, b) => compareReleases(a.kernver, b.kernver));
  const chosen = wanted === null ? found.at(-1) : found.find((kernel) => kernel.kernver === wanted);
  if (chosen) return chosen;
  if (wanted === null) throw new LunaError('not-found', `${tree} has no kernel (a /boot/vmlinuz-VERSION with its /lib/modules/VERSION): install one in it`);
  throw new LunaError('not-found', `${tree} has no kernel ${wanted}; it has ${found.map((kernel) => kernel.kernver).join(', ') || 'none'}`, 'luna osimage change NAME --kernver VERSION');
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then((s) => s.isFile(), () => false);
}
