import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What ClusterShell makes of an expression: the names in no order and its own shortest writing, or why it refuses it. */
export type NodesetAnswer = { names: string[]; fold: string } | { error: string };

/** Debian's ClusterShell belongs to Debian's Python, whatever `python3` is on PATH. */
const python = ['/usr/bin/python3'].find(existsSync) ?? 'python3';

/** Asks ClusterShell's NodeSet, which is behind the command nodeset, about all these expressions in one process. */
export function askNodeset(groups: Readonly<Record<string, string>>, expressions: readonly string[]): NodesetAnswer[] {
  const script = join(import.meta.dirname, '../fixtures/nodeset/ask.py');
  const { status, stdout, stderr } = spawnSync(python, [script], { input: JSON.stringify({ groups, expressions }), encoding: 'utf8', maxBuffer: 2 ** 28, timeout: 120_000 });
  if (status !== 0) throw new Error(`ClusterShell (Debian package clustershell) did not answer:\n${stderr}`);
  return JSON.parse(stdout) as NodesetAnswer[];
}
