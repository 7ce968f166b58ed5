import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A program failed; the message has its last words. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** How a program is run. */
export interface CommandOptions {
  /** Ends the program, and with it all it started. */
  signal?: AbortSignal | undefined;
  env?: Record<string, string>;
  /** Each line of what it prints, as it comes. */
  onLine?: ((line: string) => void) | undefined;
}

/** How much of a program's output is kept to explain its failure. */
const KEPT_LINES = 20;
const killGraceMs = 5000;

/** Starts a program that dies with this process, whatever happens to it. */
export function startCommand(argv: readonly string[], stdio: StdioOptions, env: Record<string, string> = {}): ChildProcess {
  const [program = '', ...args] = existsSync('/usr/bin/setpriv') ? ['setpriv', '--pdeathsig', 'KILL', '--', ...argv] : argv;
  return spawn(program, args, { stdio, env: { ...process.env, LC_ALL: 'C.UTF-8', ...env } });
}

/** Runs a program to its end and resolves with its last lines. Throws CommandFailed, or the signal's reason. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  options.signal?.throwIfAborted();
  const child = startCommand(argv, ['ignore', 'pipe', 'pipe'], options.env);
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) onLines(stream, (line) => {
      last.push(line);
      if (last.length > KEPT_LINES) last.shift();
      options.onLine?.(line);
    });
  }
  await endOf(child, argv[0] ?? '', () => last.join('\n'), options.signal);
  return last.join('\n');
}

/** Resolves when a program ended well. Throws CommandFailed, or the signal's reason after the program is gone. */
export async function endOf(child: ChildProcess, name: string, words: () => string, signal?: AbortSignal): Promise<void> {
  const stop = () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), killGraceMs).unref();
  };
  signal?.addEventListener('abort', stop);
  // It may have fired between the start and here.
  if (signal?.aborted) stop();
  try {
    const why = await new Promise<string | null>((resolve) => {
      child.once('error', (error) => { resolve(`could not be started: ${error.message}`); });
      child.once('close', (code, killer) => { resolve(code === 0 ? null : code === null ? `was ended by ${killer ?? 'a signal'}` : `exited ${code}`); });
    });
    signal?.throwIfAborted();
    if (why !== null) throw new CommandFailed(`${name} ${why}: ${words().trim() || 'it said nothing'}`);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function onLines(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream.on('end', () => { if (rest) take(rest); });
}
