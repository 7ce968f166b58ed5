import { execFile } from 'node:child_process';
import { LabError } from './lab-error.ts';
import { labPath } from './programs.ts';

/** How a program is run: deadline and environment on top of the lab's. */
export type RunOptions = { timeoutMs?: number; env?: Record<string, string> };

/** The environment of everything the lab starts: no locale, no MIB files, and daemons in the PATH. */
export function labEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) inherited[name] = value;
  return { ...inherited, PATH: [...labPath, process.env.PATH ?? ''].join(':'), LC_ALL: 'C.UTF-8', MIBS: '', ...extra };
}

/**
 * Runs a program to its end and gives its standard output.
 * @throws LabError with the program's own words when it fails or outlives its deadline (10 s unless told).
 */
export function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = '', ...args] = argv;
  const timeout = options.timeoutMs ?? 10_000;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(program, args, { timeout, killSignal: 'SIGKILL', env: labEnvironment(options.env), maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
    if (!error) return resolve(stdout);
    const why = error.killed ? `did not end within ${timeout / 1000} s` : (stderr.trim() || stdout.trim() || error.message);
    reject(new LabError(`'${argv.join(' ')}' failed: ${why}`, 'see the message of the program'));
  });
  return promise;
}
