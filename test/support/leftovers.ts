import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { sep } from 'node:path';
import { labDown } from '../../infra/lab/down.ts';
import { removeNamespace } from '../../infra/lab/namespace.ts';
import { runProgram } from '../../infra/lab/run-program.ts';

/** Removes what a killed run of a virtual site left: its processes, its namespaces and those of its guests, its files, and what it had mounted in the image's tree. */
export async function clearLeftovers({ dir, name, tree }: { dir: string; name: string; tree: string }): Promise<void> {
  await labDown(dir);
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  for (const one of namespaces.filter((each) => each === name || each.startsWith(`${name}-`))) await removeNamespace(one, false);
  for (const mounted of mountsBelow(tree)) await runProgram(['umount', mounted]);
  rmSync(dir, { recursive: true, force: true });
}

function mountsBelow(tree: string): string[] {
  const points = readFileSync('/proc/self/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '');
  return points.filter((point) => point.startsWith(tree + sep)).reverse();
}
