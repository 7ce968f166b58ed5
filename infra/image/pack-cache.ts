import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { placeFile, pruneFolder, sumFile, writeAside } from './content-files.ts';

/** What packing made before, by the hash of what it was made from. Losing it costs time only. */
export interface PackCache {
  /** Puts the file made from `key` at `target` and gives what was noted of it; null when there is none, or its bytes are no longer those that were kept. */
  take(key: string, target: string): Promise<unknown>;
  /** `sha256` is the file's, in hex. */
  keep(key: string, source: string, sha256: string, facts: unknown): Promise<void>;
}

/** Versions kept of each kind: a site's images, each before and after its last change. */
const KEPT = 6;

/** A cache of one kind of file in a folder of its own: `KEY/file` and `KEY/facts.json`. */
export function createPackCache(folder: string): PackCache {
  return {
    async take(key, target) {
      try {
        const { sha256, facts } = JSON.parse(await readFile(join(folder, key, 'facts.json'), 'utf8')) as { sha256: string; facts: unknown };
        // What is in use may be another name of this file: whoever damaged that has damaged this.
        if ((await sumFile(join(folder, key, 'file'))).sha256 !== sha256) {
          await rm(join(folder, key), { recursive: true });
          return null;
        }
        await placeFile(join(folder, key, 'file'), target);
        await utimes(join(folder, key), new Date(), new Date());
        return facts;
      } catch {
        return null;
      }
    },
    async keep(key, source, sha256, facts) {
      await mkdir(folder, { recursive: true });
      const aside = join(folder, `.${key}.${randomUUID()}`);
      try {
        await placeFile(source, join(aside, 'file'));
        await writeAside(join(aside, 'facts.json'), JSON.stringify({ sha256, facts }));
        // Another pack may have kept the same meanwhile.
        await rename(aside, join(folder, key)).catch(() => undefined);
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
      await pruneFolder(folder, KEPT);
    },
  };
}
