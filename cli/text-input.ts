import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LunaError } from '../domain/errors.ts';

/** Where a text comes from. `what` names it to people: `partscript of group compute`. */
export interface TextSource { what: string; file: string | undefined; current: () => Promise<string> }

/**
 * A text an administrator gives: `file` (`-` is stdin), else all of stdin, else, on a terminal, `$EDITOR` with the current
 * text. Trailing line breaks go, as in Luna 1. Throws {@link LunaError} `invalid` for empty stdin: in Luna 1 that erased scripts.
 */
export async function readText({ what, file, current }: TextSource): Promise<string> {
  if (file !== undefined && file !== '-') return trimEnd(readNamed(file));
  if (process.stdin.isTTY && file === undefined) return trimEnd(edit(await current()));
  const text = trimEnd(await readStdin());
  if (text === '') throw new LunaError('invalid', `stdin is empty: the ${what} stays as it is`, 'to clear it: --file /dev/null');
  return text;
}

/** All of stdin; the writer on the other end decides how long that takes. */
export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A file's text. Throws {@link LunaError} `invalid` when it can't be read. */
export function readNamed(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new LunaError('invalid', `${file} can't be read: ${error instanceof Error ? error.message : String(error)}`, `ls -l ${file}`);
  }
}

function edit(current: string): string {
  const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi';
  const dir = mkdtempSync(join(tmpdir(), 'luna-'));
  try {
    const file = join(dir, 'text');
    writeFileSync(file, current === '' ? '' : `${current}\n`, { mode: 0o600 });
    // EDITOR may hold arguments (`code --wait`), so a shell splits it.
    const { status, error } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    if (status !== 0) throw new LunaError('invalid', `${editor} ended with ${error?.message ?? status ?? 'a signal'}: nothing was changed`, 'set EDITOR, or give the text with --file');
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function trimEnd(text: string): string {
  return text.replace(/\n+$/, '');
}
