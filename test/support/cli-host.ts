import { rmSync } from 'node:fs';
import { format } from 'node:util';
import { flush, handle, run } from '@oclif/core';
import { makeCliRoot } from './cli-root.ts';
import { watchAnswers } from './described-traffic.ts';

/** What the parent asks, and what it is told. */
export interface CliCall { argv: string[] }
export interface CliAnswer { stdout: string; stderr: string; code: number }

const root = makeCliRoot();
const mistakes = watchAnswers();

/** The exit code of a command that the API answered otherwise than it describes. */
const UNDESCRIBED = 70;

let out = { stdout: '', stderr: '' };
console.log = (...args: unknown[]) => { out.stdout += `${format(...args)}\n`; };
console.error = (...args: unknown[]) => { out.stderr += `${format(...args)}\n`; };
process.stdout.write = (text: string | Uint8Array): boolean => collect('stdout', text);
process.stderr.write = (text: string | Uint8Array): boolean => collect('stderr', text);

// oclif ends the process with an error's exit code; here the next command follows.
process.exit = ((code?: number) => { process.exitCode = code ?? process.exitCode; }) as typeof process.exit;

process.on('message', (call: CliCall) => { void answer(call); });
process.on('disconnect', () => { rmSync(root, { recursive: true }); });

/** Takes it all at once: true, or oclif would wait for a drain. */
function collect(stream: 'stdout' | 'stderr', text: string | Uint8Array): true {
  out[stream] += String(text);
  return true;
}

async function answer({ argv }: CliCall): Promise<void> {
  out = { stdout: '', stderr: '' };
  process.exitCode = undefined;
  const ended = await runOnce(argv);
  const undescribed = await mistakes();
  out.stderr += undescribed.join('\n');
  const code = undescribed.length > 0 ? UNDESCRIBED : ended;
  process.send?.({ ...out, code } satisfies CliAnswer);
}

async function runOnce(argv: string[]): Promise<number> {
  try {
    await run(argv, root);
    await flush();
  } catch (error) {
    await handle(error as Error);
  }
  return Number(process.exitCode ?? 0);
}
