import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { treeMistake } from '../../domain/tree-path.ts';

/** What luna has on this machine. In `cache`, which may lie within `data`, luna makes trees itself; `files` are its code and keys. */
export interface OwnPlaces { data: string; cache: string; files: readonly string[] }

/** Why no image may have its tree at a path on this machine, be it there yet or not; null when one may. Links are followed. */
export async function treePlaceMistake(path: string, own: OwnPlaces): Promise<string | null> {
  const [tree, data, cache, files] = await Promise.all([real(path), real(own.data), real(own.cache), Promise.all(own.files.map(real))]);
  const mistake = treeMistake(tree) ?? mistakeAmong(tree, { data, cache, files });
  return mistake === null || tree === path ? mistake : `${path} leads to ${tree}: ${mistake}`;
}

function mistakeAmong(tree: string, { data, cache, files }: OwnPlaces): string | null {
  const held = [data, ...files].find((one) => isWithin(one, tree));
  if (held !== undefined) return `${tree} holds what is luna's own, ${held}: it would be packed for every node`;
  return isWithin(tree, data) && !isWithin(tree, cache) ? `${tree} lies in luna's own directory, ${data}` : null;
}

/** Where a path leads; of what isn't there yet, where its folder does. */
async function real(path: string): Promise<string> {
  return realpath(path).catch(async () => (path === '/' ? path : join(await real(dirname(path)), basename(path))));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
