import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { askOn, tellOn } from '../told-socket.ts';
import type { Metrics, ProcessValues } from './metrics.ts';

/** How a process's socket ends: `run/boot.prom`. */
const SUFFIX = '.prom';

/** Tells a process's values to whoever may open `run/<name>.prom`: root alone, and so luna's other processes. */
export async function serveMetrics(runDir: string, name: string, metrics: Metrics): Promise<{ stop(): Promise<void> }> {
  return tellOn(join(runDir, name + SUFFIX), () => metrics.values());
}

/** What every process with a socket in `runDir` tells; null for one that is dead or silent. */
export async function readMetrics(runDir: string): Promise<Map<string, ProcessValues | null>> {
  const files = (await readdir(runDir).catch((): string[] => [])).filter((file) => file.endsWith(SUFFIX)).sort();
  const told = await Promise.all(files.map((file) => askOn(join(runDir, file)).catch(() => null) as Promise<ProcessValues | null>));
  return new Map(files.map((file, i) => [basename(file, SUFFIX), told[i] ?? null]));
}
