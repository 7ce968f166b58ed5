import { chmodSync, chownSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LunaError } from '../domain/errors.ts';

/** A file as it is to be. */
export interface WantedFile { path: string; text: string }

/** What a file would replace, where it stands until it does. */
export interface StagedFile extends WantedFile { staged: string }

/**
 * Replaces files, each atomically and none before all are written and `check` has passed; what is as wanted already is
 * not touched. A file keeps its owner and mode. Returns the paths replaced. Throws what `check` throws, and LunaError for
 * a folder that can't be written to; then every file is as before.
 */
export async function replaceFiles(files: readonly WantedFile[], check: (staged: readonly StagedFile[]) => Promise<void>): Promise<string[]> {
  const staged: StagedFile[] = [];
  try {
    for (const file of files.filter(({ path, text }) => textOf(path) !== text)) staged.push(stage(file));
    await check(staged);
    for (const { staged: from, path } of staged) renameSync(from, path);
    return staged.map(({ path }) => path);
  } catch (error) {
    for (const { staged: left } of staged) rmSync(left, { force: true });
    throw error instanceof Error && 'code' in error && 'syscall' in error ? unwritable(error) : error;
  }
}

/** A file's text; null when there is none. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function stage(file: WantedFile): StagedFile {
  mkdirSync(dirname(file.path), { recursive: true });
  const staged = `${file.path}.luna-new`;
  const fd = openSync(staged, 'w', 0o644);
  try {
    writeFileSync(fd, file.text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  const before = statSync(file.path, { throwIfNoEntry: false });
  chmodSync(staged, before === undefined ? 0o644 : before.mode & 0o777);
  if (before !== undefined) chownSync(staged, before.uid, before.gid);
  return { ...file, staged };
}

function unwritable(error: Error): LunaError {
  return new LunaError('forbidden', `the files can't be written: ${error.message}`, 'run it as root on the machine whose server reads them');
}
