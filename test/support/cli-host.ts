import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import { flush, handle, run } from '@oclif/core';

/** What the parent asks, and what it is told. */
export interface CliCall { argv: string[] }
export interface CliAnswer { stdout: string; stderr: string; code: number }

const sources = join(import.meta.dirname, '../..');
// A root beside the real one: the sources through oclif's own routing, but no manifest, so a test never sees an old build.
const root = mkdtempSync(join(tmpdir(), 'luna-cli-root-'));
symlinkSync(join(sources, 'cli'), join(root, 'cli'));
const { oclif, ...manifest } = JSON.parse(readFileSync(join(sources, 'package.json'), 'utf8')) as { oclif: object };
writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, oclif: { ...oclif, commands: './cli/commands' } }));

let out = { stdout: '', stderr: '' };
console.log = (...args: unknown[]) => { out.stdout += `${format(...args)}\n`; };
console.error = (...args: unknown[]) => { out.stderr += `${format(...args)}\n`; };
process.stdout.write = ((text: string) => Boolean(out.stdout += text)) as typeof process.stdout.write;
process.stderr.write = ((text: string) => Boolean(out.stderr += text)) as typeof process.stderr.write;
// oclif ends the process with an error's exit code; here the next command follows.
process.exit = ((code?: number) => { process.exitCode = code ?? process.exitCode; }) as typeof process.exit;

process.on('message', (call: CliCall) => { void answer(call); });
process.on('disconnect', () => { rmSync(root, { recursive: true }); });

async function answer({ argv }: CliCall): Promise<void> {
  out = { stdout: '', stderr: '' };
  process.exitCode = undefined;
  const code = await runOnce(argv);
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
