import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Flags } from '@oclif/core';
import { LunaError } from '../domain/errors.ts';
import { readNamed, readStdin } from './text-input.ts';

/** How a BMC's password is given: by prompt, from a file, or, for Luna 1's sake, in clear on the command line. */
export const passwordFlags = {
  password: Flags.string({ char: 'p', summary: 'The password. Everybody on this machine can see it in the process list: rather use --password-file.' }),
  'password-file': Flags.string({ summary: 'Take the password from the first line of this file; - is stdin, or a prompt on a terminal.', helpValue: 'FILE', exclusive: ['password'] }),
};

/** The same for the read community of a switch. */
export const communityFlags = {
  read: Flags.string({ char: 'r', summary: 'SNMP community that may read (public). Everybody on this machine can see it in the process list: rather use --read-file.' }),
  'read-file': Flags.string({ summary: 'Take the community from the first line of this file; - is stdin, or a prompt on a terminal.', helpValue: 'FILE', exclusive: ['read'] }),
};

/** The password the flags give, or undefined. Throws {@link LunaError} `invalid` for an unreadable or empty file. */
export function givenPassword(flags: { password?: string | undefined; 'password-file'?: string | undefined }): Promise<string | undefined> {
  return givenSecret('password', flags.password, flags['password-file']);
}

/** The community the flags give; as {@link givenPassword}. */
export function givenCommunity(flags: { read?: string | undefined; 'read-file'?: string | undefined }): Promise<string | undefined> {
  return givenSecret('read', flags.read, flags['read-file'], 'community');
}

async function givenSecret(flag: string, clear: string | undefined, file: string | undefined, word: string = flag): Promise<string | undefined> {
  if (clear !== undefined) hideArguments();
  if (file === undefined) return clear;
  if (file === '-' && process.stdin.isTTY) return askPassword(`${word.charAt(0).toUpperCase()}${word.slice(1)}: `);
  const line = (file === '-' ? await readStdin() : readNamed(file)).split('\n', 1)[0] ?? '';
  if (line === '') throw new LunaError('invalid', `${file === '-' ? 'stdin' : file} holds no ${word} in its first line`, `put it there, or use --${flag}-file - for a prompt`);
  return line;
}

/** From here on the process list shows the name alone; what looked before has seen it. */
function hideArguments(): void {
  process.title = 'luna';
}

/** Asks on the terminal without showing what is typed. */
export async function askPassword(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => { done(); } });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Only now: the interface has switched the terminal's own echo off, and nothing typed early is shown.
  process.stderr.write(question);
  try {
    return await new Promise<string>((accept, reject) => {
      reader.once('SIGINT', () => { reject(new LunaError('invalid', 'no password was given', 'run it again')); });
      reader.once('close', () => { reject(new LunaError('invalid', 'no password was given', 'run it again')); });
      reader.once('line', accept);
    });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
