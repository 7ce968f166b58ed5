import type { CommandTable, KnownArg, KnownCommand, KnownFlag } from './command-table.ts';
import { type Candidate, hostlistCandidates, KIND_OF_FLAG, KIND_OF_TOPIC, type Names, objectCandidates } from './names.ts';

/** What could stand in place of the last of `words`, the words after `luna`; none where the shell knows better: names of files. */
export async function candidates(table: CommandTable, words: readonly string[], names: Names): Promise<Candidate[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before[0] === 'help' && before.length > 0) return starting(nextWords(table, before.slice(1)), current);
  const found = commandOf(table, before);
  if (!found) return starting(nextWords(table, before), current);
  const { id, command, rest } = found;
  const flags = Object.values(command.flags);
  const wanting = valueWanted(flags, rest.at(-1));
  if (wanting) return valueCandidates(id, wanting, current, names);
  const [, joined, value = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (joined !== undefined) return leading(`${joined}=`, await joinedCandidates(id, flags, joined, value, names));
  if (current.startsWith('-')) return starting(flags.filter((flag) => !flag.hidden).flatMap(spellings), current);
  const deeper = rest.length === 0 ? starting(nextWords(table, before), current).filter(({ word }) => word !== '') : [];
  return [...deeper, ...await positionalCandidates(found, current, names)];
}

interface Found { id: string; command: KnownCommand; rest: string[] }

/** The longest command that the words begin with. */
function commandOf(table: CommandTable, words: readonly string[]): Found | undefined {
  for (let length = Math.min(3, words.length); length > 0; length -= 1) {
    const id = words.slice(0, length).join(':');
    const command = Object.hasOwn(table, id) ? table[id] : undefined;
    if (command) return { id, command, rest: words.slice(length) };
  }
  return undefined;
}

/** The words that may follow these on the way to a command. */
function nextWords(table: CommandTable, before: readonly string[]): Candidate[] {
  const prefix = before.map((word) => `${word}:`).join('');
  const found = new Map<string, Candidate>();
  for (const [id, { summary, hidden }] of Object.entries(table)) {
    if (hidden || !id.startsWith(prefix)) continue;
    const [word = '', ...deeper] = id.slice(prefix.length).split(':');
    if (!found.has(word) || deeper.length === 0) found.set(word, { word, ...(deeper.length === 0 && summary ? { about: summary } : {}) });
  }
  return [...found.values()].sort((a, b) => (a.word < b.word ? -1 : 1));
}

function valueWanted(flags: readonly KnownFlag[], last: string | undefined): KnownFlag | undefined {
  return last === undefined ? undefined : flags.find((flag) => flag.type === 'option' && spelled(flag).includes(last));
}

async function joinedCandidates(id: string, flags: readonly KnownFlag[], spelling: string, value: string, names: Names): Promise<Candidate[]> {
  const flag = valueWanted(flags, spelling);
  return flag === undefined ? [] : valueCandidates(id, flag, value, names);
}

async function valueCandidates(id: string, flag: KnownFlag, current: string, names: Names): Promise<Candidate[]> {
  if (flag.options) return starting(flag.options.map((word) => ({ word })), current);
  if (flag.helpValue === 'y|n') return starting([{ word: 'y' }, { word: 'n' }], current);
  if (flag.name === 'name') return makesName(id) ? [] : hostlistCandidates(kindOf(id), current, names);
  if (flag.name === 'interface') return starting([{ word: 'BOOTIF' }, { word: 'BMC' }], current);
  return hostlistCandidates(KIND_OF_FLAG[flag.name], current, names);
}

/** What may stand where the next word without a dash stands. */
async function positionalCandidates({ id, command, rest }: Found, current: string, names: Names): Promise<Candidate[]> {
  const flags = Object.values(command.flags);
  const given = rest.filter((word, i) => !word.startsWith('-') && valueWanted(flags, rest[i - 1]) === undefined);
  const arg = argAt(Object.values(command.args), given.length, rest.some((word) => NAMING.includes(word)));
  if (arg === undefined || (arg.name === 'words' && given.length > 0) || makesName(id)) return [];
  if (arg.options) return starting(arg.options.map((word) => ({ word })), current);
  if (arg.name === 'object') return objectCandidates(given, current, names);
  return arg.name === 'name' || arg.name === 'words' ? hostlistCandidates(kindOf(id), current, names) : [];
}

/** Flags that name what a positional hostlist would: after them comes what follows the name. */
const NAMING = ['-n', '--name'];

function argAt(args: readonly KnownArg[], place: number, named: boolean): KnownArg | undefined {
  const open = named ? args.filter(({ name }) => name !== 'name') : args;
  return open[place] ?? (open.at(-1)?.multiple ? open.at(-1) : undefined);
}

function spellings(flag: KnownFlag): Candidate[] {
  const text = flag.summary ?? flag.description;
  const about = text === undefined ? {} : { about: text };
  return [{ word: `--${flag.name}`, ...about }, ...(flag.char === undefined ? [] : [{ word: `-${flag.char}`, ...about }])];
}

function spelled(flag: KnownFlag): string[] {
  return [`--${flag.name}`, ...(flag.aliases ?? []).map((alias) => `--${alias}`), ...(flag.char === undefined ? [] : [`-${flag.char}`])];
}

function starting(words: readonly Candidate[], current: string): Candidate[] {
  return words.filter(({ word }) => word.startsWith(current));
}

function leading(head: string, words: readonly Candidate[]): Candidate[] {
  return words.map(({ word, ...about }) => ({ word: head + word, ...about }));
}

/** Of an action that makes an object the name is a new one. */
function makesName(id: string): boolean {
  return id.endsWith(':add');
}

function kindOf(id: string): string | undefined {
  return KIND_OF_TOPIC[id.split(':')[0] ?? ''];
}
