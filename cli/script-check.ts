import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LunaError } from '../domain/errors.ts';

/**
 * Refuses a script that its shell can't read, before it is stored. Nodes run scripts with bash, so bash is asked; on a
 * controller without it sh is. Throws {@link LunaError} `invalid` naming the line, and keeps what was typed in a file.
 */
export function checkScript(what: string, script: string, typed: boolean): void {
  if (script.trim() === '') return;
  const found = spawnSync('bash', ['-n'], { input: `${script}\n`, encoding: 'utf8' });
  const { status, stderr, error } = found.error ? spawnSync('sh', ['-n'], { input: `${script}\n`, encoding: 'utf8' }) : found;
  if (error || status === 0) return;
  const mistakes = stderr.split('\n').map((line) => line.replace(/^\S+: (?=line \d+:|\d+:)/, '').replace(/^(\d+): /, 'line $1: ')).filter((line) => line.trim() !== '');
  const kept = typed ? keep(script) : undefined;
  throw new LunaError('invalid', `the ${what} can't be read by the shell:\n  ${mistakes.join('\n  ')}`,
    kept === undefined ? 'mend it and give it again; nothing was changed' : `what you wrote is in ${kept}: mend it, and give it with --file ${kept}`);
}

function keep(script: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'luna-kept-')), 'script.sh');
  writeFileSync(file, `${script}\n`, { mode: 0o600 });
  return file;
}
