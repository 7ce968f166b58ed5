import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placeFile, pruneFolder } from './content-files.ts';

/** What packing made before, by the hash of what it was made from. Losing it costs time only. */
export interface PackCache {
  /** Puts the file made from `key` at `target` and gives what was noted of it; null when there is none. */
  take(key: string, target: string): Promise<unknown>;
  keep(key: string, source: string, facts: unknown): Promise<void>;
}

/** Versions kept of each kind: a site's images, each before and after its last change. */
const KEPT = 6;

/** A cache of one kind of file in a folder of its own: `KEY/file` and `KEY/facts.json`. */
export function createPackCache(folder: string): PackCache {
  return {
    async take(key, target) {
      try {
        const facts: unknown = JSON.parse(await readFile(join(folder, key, 'facts.json'), 'utf8'));
        await placeFile(join(folder, key, 'file'), target);
        await utimes(join(folder, key), new Date(), new Date());
        return facts;
      } catch {
        return null;
      }
    },
    async keep(key, source, facts) {
      await mkdir(folder, { recursive: true });
      const aside = join(folder, `.${key}.${process.pid}`);
      await mkdir(aside, { recursive: true });
      await placeFile(source, join(aside, 'file'));
      await writeFile(join(aside, 'facts.json'), JSON.stringify(facts));
      await rename(aside, join(folder, key)).catch(() => rm(aside, { recursive: true, force: true }));
      await pruneFolder(folder, KEPT);
    },
  };
}
