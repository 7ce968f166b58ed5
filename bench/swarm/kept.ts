import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/root.ts';

/** Results that a run which was interrupted, or made for one row only, leaves to the next. */
export interface Kept<T> {
  /** The result of this row and round by this very code and these settings; null when there is none. */
  read(row: string, round: number, settings: unknown): T | null;
  write(row: string, round: number, settings: unknown, result: T): void;
}

/** Opens the store of a benchmark's rows; `fresh` forgets what is there. What is in `sources`, folders, decides the results of a row. */
export function openKept<T>(bench: string, fresh: boolean, sources: (row: string) => readonly string[]): Kept<T> {
  const folder = join(process.env['LUNA_CACHE'] ?? join(projectRoot, '.cache'), 'bench', bench);
  if (fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const place = (row: string, round: number, settings: unknown): string => {
    const key = createHash('sha256').update(JSON.stringify([sourcesHash(sources(row)), settings])).digest('hex').slice(0, 16);
    return join(folder, `${row.replaceAll(' ', '-')}.${round}.${key}.json`);
  };
  return {
    read(row, round, settings) {
      const file = place(row, round, settings);
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as T : null;
    },
    write(row, round, settings, result) {
      const file = place(row, round, settings);
      writeFileSync(`${file}.new`, JSON.stringify(result));
      renameSync(`${file}.new`, file);
    },
  };
}

/** Hash of the sources in these folders, tests apart. */
export function sourcesHash(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!_test)\.(ts|go|mod|py)$/.test(file));
    for (const file of files.sort()) hash.update(file).update('\0').update(readFileSync(join(projectRoot, folder, file)));
  }
  return hash.digest('hex');
}
