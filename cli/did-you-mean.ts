import type { Command } from '@oclif/core';
import { LunaError } from '../domain/errors.ts';
import { nearest } from './nearest.ts';

const KINDS: Record<string, string> = {
  node: 'nodes', group: 'groups', network: 'networks', switch: 'switches', osimage: 'osimages', bmcsetup: 'bmcsetups', otherdev: 'otherdevs',
};

/** Adds to an error the flag or the object's name that was probably meant. Never fails: a hint that can't be had is left out. */
export async function didYouMean(error: Error, command: Command.Class, get: (path: string) => Promise<unknown>): Promise<void> {
  const flags = (error as { flags?: unknown }).flags;
  if (Array.isArray(flags) && error.message.startsWith('Nonexistent flag')) suggestFlag(error, String(flags[0]), command);
  else if (error instanceof LunaError && error.code === 'not-found') await suggestName(error, get);
}

function suggestFlag(error: Error, given: string, command: Command.Class): void {
  const known = Object.entries(command.flags ?? {}).flatMap(([name, flag]) => [name, ...(flag.aliases ?? [])]).concat('json', 'debug', 'help');
  const meant = given.startsWith('--') ? nearest(given.slice(2).split('=')[0] ?? '', known) : undefined;
  if (meant !== undefined) error.message = `${error.message.replace('\nSee more help with --help', '')}. Did you mean --${meant}?`;
}

async function suggestName(error: LunaError, get: (path: string) => Promise<unknown>): Promise<void> {
  const [, kind = '', name = ''] = /\b(\w+) (?:named )?["']?([A-Za-z0-9._-]+)["']?(?: does not exist)?$/m.exec(error.message) ?? [];
  const collection = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (collection === undefined) return;
  try {
    const objects = await get(`/api/v1/${collection}`) as { name: string }[];
    const meant = nearest(name, objects.map((object) => object.name).filter((known) => !isNeighbour(name, known)));
    if (meant !== undefined) error.message += `. Did you mean ${meant}?`;
  } catch {
    // The error itself is worth more than why there is no hint.
  }
}

/** Whether two names differ in their numbers only: whoever types node003 does not mean node001. */
function isNeighbour(a: string, b: string): boolean {
  const numbers = (name: string): string => (name.match(/\d+/g) ?? []).map(Number).join();
  return a.replaceAll(/\d+/g, '#') === b.replaceAll(/\d+/g, '#') && numbers(a) !== numbers(b);
}
