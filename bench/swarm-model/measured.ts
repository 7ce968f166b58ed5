import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/root.ts';
import { figuresOf, middle } from '../swarm/figures.ts';
import type { SwarmResult } from '../swarm/run.ts';

/** What the benchmark `swarm` has found for a row: the middle of its newest rounds' times; null while it was not run. */
export function measuredBy(row: string): number | null {
  const folder = join(process.env['LUNA_CACHE'] ?? join(projectRoot, '.cache'), 'bench', 'swarm');
  if (!existsSync(folder)) return null;
  const rounds = new Map<string, { file: string; at: number }>();
  for (const name of readdirSync(folder)) {
    const round = /^(.+)\.(\d+)\.[0-9a-f]+\.json$/.exec(name);
    if (round?.[1] !== row.replaceAll(' ', '-') || round[2] === undefined) continue;
    const file = join(folder, name);
    const at = statSync(file).mtimeMs;
    if (at > (rounds.get(round[2])?.at ?? 0)) rounds.set(round[2], { file, at });
  }
  return middle([...rounds.values()].map(({ file }) => figuresOf(JSON.parse(readFileSync(file, 'utf8')) as SwarmResult).x));
}
