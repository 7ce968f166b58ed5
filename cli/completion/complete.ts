import { apiTarget, callApi } from '../api.ts';
import { candidates } from './candidates.ts';
import { readCommandTable } from './command-table.ts';
import type { Names } from './names.ts';

/** A key is pressed and somebody waits: names that do not come in time are left out. */
const PATIENCE_MS = 400;
/** More are no help to anybody. */
const MOST = 1000;

/**
 * `luna __complete WORD…`: prints what could stand in place of the last word, a line each, with a tab and what it is about
 * where that is known. Words may still have the quotes of the shell. Does not load oclif, and prints nothing rather than an error.
 */
export async function complete(root: string, words: readonly string[]): Promise<void> {
  const names: Names = async (kind, prefix) => {
    try {
      return await callApi<string[]>(apiTarget(process.env), 'GET', `/api/v1/names/${kind}?limit=${MOST}&prefix=${encodeURIComponent(prefix)}`, undefined, { timeoutMs: PATIENCE_MS });
    } catch {
      return [];
    }
  };
  const found = await candidates(readCommandTable(root), words.map(unquoted), names).catch(() => []);
  process.stdout.write(found.map(({ word, about }) => (about === undefined ? `${word}\n` : `${word}\t${about}\n`)).join(''));
}

/** A word as the command would get it; it may be quoted half. */
function unquoted(word: string): string {
  return word.replaceAll(/["']/g, '').replaceAll(/\\(.)/g, '$1');
}
