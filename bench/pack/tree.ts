import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeOddTree } from '../../test/support/odd-tree.ts';
import { say } from '../support/outcome.ts';

/** As large as the tree is at least. */
const BYTES = 2_050_000_000;

/**
 * A tree of 2 GB for packing: files of this machine's /usr, as often as it takes, and in `odd` what an archive may lose.
 * Made once, below the cache.
 */
export function packingTree(cacheDir: string): string {
  const folder = join(cacheDir, 'bench', 'pack');
  const tree = join(folder, 'tree');
  if (existsSync(tree)) return tree;
  say(`making a tree of 2 GB in ${folder}`);
  const aside = join(folder, 'tree.new');
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  let missing = BYTES;
  for (let copy = 1; missing > 0; copy += 1) {
    const target = join(aside, `copy${copy}`);
    mkdirSync(target);
    const { names, bytes } = filesOf('/usr', missing);
    if (bytes === 0) throw new Error('/usr has no files');
    execFileSync('sh', ['-c', 'tar --create --file=- --directory=/usr --no-recursion --null --files-from=- | tar --extract --file=- --directory="$1"', 'copy', target], { input: `${names.join('\0')}\0`, stdio: ['pipe', 'ignore', 'inherit'] });
    if (filesOf(target, bytes).bytes < bytes * 0.9) throw new Error(`the files of /usr could not be copied to ${target}`);
    missing -= bytes;
  }
  makeOddTree(join(aside, 'odd'));
  renameSync(aside, tree);
  return tree;
}

/** Names of files below a folder, relative to it, until they come to so many bytes on disk. */
function filesOf(root: string, enough: number): { names: string[]; bytes: number } {
  const found = { names: [] as string[], bytes: 0 };
  const { dev } = statSync(root);
  const walk = (below: string): void => {
    for (const name of readdirSync(join(root, below)).sort()) {
      if (found.bytes >= enough) return;
      const path = join(below, name);
      const s = lstatSync(join(root, path));
      if (s.isDirectory()) {
        if (s.dev === dev) walk(path);
      } else if (s.isFile() || s.isSymbolicLink()) {
        found.names.push(path);
        found.bytes += s.blocks * 512;
      }
    }
  };
  walk('.');
  return found;
}
