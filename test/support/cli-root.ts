import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A root beside the real one for oclif: the sources through its own routing, but no manifest, so that a test never sees
 * an old build. The caller removes the directory.
 */
export function makeCliRoot(): string {
  const sources = join(import.meta.dirname, '../..');
  const root = mkdtempSync(join(tmpdir(), 'luna-cli-root-'));
  symlinkSync(join(sources, 'cli'), join(root, 'cli'));
  const { oclif, ...manifest } = JSON.parse(readFileSync(join(sources, 'package.json'), 'utf8')) as { oclif: object };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, oclif: { ...oclif, commands: './cli/commands', helpClass: './cli/help.ts', hooks: { command_not_found: './cli/hooks/command-not-found.ts' } } }));
  return root;
}
