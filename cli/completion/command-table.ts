import { join } from 'node:path';

// An ES import would evaluate every export of it.
const { readFileSync } = process.getBuiltinModule('node:fs');

/** What completion knows of a flag; the manifest has more. */
export interface KnownFlag { name: string; char?: string; type: 'boolean' | 'option'; options?: string[]; summary?: string; description?: string; hidden?: boolean; aliases?: string[]; helpValue?: string }
/** What completion knows of a word without a dash. */
export interface KnownArg { name: string; options?: string[]; multiple?: boolean }
/** What completion knows of a command. */
export interface KnownCommand { summary?: string; hidden?: boolean; args: Record<string, KnownArg>; flags: Record<string, KnownFlag> }
/** Every command by its words: `node:change`. */
export type CommandTable = Record<string, KnownCommand>;

/** The commands as the build has written them down, without loading one of them. */
export function readCommandTable(root: string): CommandTable {
  return (JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as { commands: CommandTable }).commands;
}
