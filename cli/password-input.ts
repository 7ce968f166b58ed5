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

/** The password the flags give, or undefined. Throws {@link LunaError} `invalid` for an unreadable or empty file. */
export async function givenPassword(flags: { password?: string | undefined; 'password-file'?: string | undefined }): Promise<string | undefined> {
  const file = flags['password-file'];
  if (file === undefined) return flags.password;
  if (file === '-' && process.stdin.isTTY) return askPassword('Password: ');
  const line = (file === '-' ? await readStdin() : readNamed(file)).split('\n', 1)[0] ?? '';
  if (line === '') throw new LunaError('invalid', `${file === '-' ? 'stdin' : file} holds no password in its first line`, 'put it there, or use --password-file - for a prompt');
  return line;
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
