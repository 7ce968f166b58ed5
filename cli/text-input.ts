import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { LunaError } from '../domain/errors.ts';
import { checkScript } from './script-check.ts';

/** How a text is given. */
export const textFlags = {
  file: Flags.string({ summary: 'Take the text from this file instead; - is stdin.', helpValue: 'FILE', exclusive: ['clear'] }),
  clear: Flags.boolean({ summary: 'Make the text empty. Empty stdin alone never does.' }),
};

/** What {@link textFlags} reads. */
export interface TextFlags { file?: string | undefined; clear?: boolean | undefined }

/** Where a text comes from. `what` names it to people: `partscript of group compute`. A `script` is checked before it is taken. */
export interface TextSource { what: string; flags: TextFlags; current: () => Promise<string>; script?: boolean }

/**
 * A text an administrator gives: `--file` (`-` is stdin), else all of stdin, else, on a terminal, `$EDITOR` with the current
 * text. Trailing line breaks go, as in Luna 1. Throws {@link LunaError} `invalid` for empty stdin: in Luna 1 that erased scripts.
 */
export async function readText(source: TextSource): Promise<string> {
  const { what, flags } = source;
  if (flags.clear) return '';
  const text = await givenText(source);
  if (text === undefined) throw new LunaError('invalid', `stdin is empty: the ${what} stays as it is`, 'to make it empty: --clear');
  return text;
}

/** The same, but undefined for empty stdin. */
export async function givenText({ what, flags: { file, clear }, current, script = false }: TextSource): Promise<string | undefined> {
  if (clear) return '';
  const typed = process.stdin.isTTY && file === undefined;
  const text = trimEnd(file !== undefined && file !== '-' ? readNamed(file) : typed ? edit(await current()) : await readStdin());
  if (text === '' && (file === undefined || file === '-') && !typed) return undefined;
  if (script) checkScript(what, text, typed);
  return text;
}

/** Keeps a text that could not be stored, so that it needn't be typed again; returns the file. */
export function keepText(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'luna-')), 'text');
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return file;
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
