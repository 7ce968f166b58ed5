import { Flags, Parser } from '@oclif/core';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LunaCommand } from '../../cli/base.ts';
import { projectRoot } from '../../infra/root.ts';

/** The words of a command line whose quotes hold whole words; null when only a shell can read it. */
export function wordsOf(line: string): string[] | null {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([whole, single, double]) => single ?? double ?? whole);
  return /[<>|$'"]/.test(line.replaceAll(/(?<= )('[^']*'|"[^"]*")(?= |$)/g, '')) ? null : words;
}

/** Luna 1's commands beside luna, as the words they stand for. */
export function lunaWords(words: readonly string[]): string[] {
  const [command = '', ...rest] = words;
  switch (command) {
    case 'luna': return rest;
    case 'lpower': return ['power', ...rest];
    case 'lchroot': return ['osimage', 'chroot', rest[0] ?? '', '--', ...rest.slice(1)];
    case 'lweb': return ['service', rest[0] ?? '', 'boot'];
    case 'ltorrent': return ['service', rest[0] ?? '', 'seeder'];
    default: throw new Error(`what is the command ${command}?`);
  }
}

/** Checks that a command takes these words, without doing anything. Throws what the command would answer. */
export async function checkWords(words: readonly string[]): Promise<void> {
  const [length, file] = [3, 2, 1].flatMap((count) => ['.ts', '/index.ts'].map((end) => [count, join(projectRoot, 'cli', 'commands', ...words.slice(0, count)) + end] as const))
    .find(([count, path]) => count <= words.length && existsSync(path)) ?? [0, ''];
  const { default: command } = await import(file) as { default: typeof LunaCommand };
  const json = command.enableJsonFlag ? { json: Flags.boolean() } : {};
  await Parser.parse(words.slice(length), { flags: { ...command.baseFlags, ...command.flags, ...json }, args: command.args, strict: command.strict });
}
