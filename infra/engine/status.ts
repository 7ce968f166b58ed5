import { loadConfig } from '../config.ts';
import { leftovers } from './leftovers.ts';
import type { PartStatus } from './part.ts';
import { livingState, type Phase, readState } from './state-file.ts';

/** An instance as a whole. `orphaned`: its supervisor is gone, but parts of it still run. */
export interface InstanceStatus {
  phase: Phase | 'orphaned';
  dataDir: string;
  supervisor?: number;
  since?: string;
  parts: PartStatus[];
}

/** Looks at the instance that `env` describes; works when it is down or its supervisor has crashed. */
export function instanceStatus(env: NodeJS.ProcessEnv): InstanceStatus {
  const config = loadConfig(env);
  const living = livingState(config);
  if (living) return { phase: living.phase, dataDir: config.dataDir, supervisor: living.supervisor.pid, since: living.startedAt, parts: living.parts };
  const left = leftovers(config);
  const parts = (readState(config)?.parts ?? []).map((part): PartStatus => {
    const { pid: _, ...rest } = part;
    const orphan = left.find((process) => process.name === part.name);
    if (orphan) return { ...rest, pid: orphan.pid, health: { ok: false, reason: 'runs without a supervisor' } };
    return { ...rest, state: 'stopped', health: { ok: false, reason: 'stopped' } };
  });
  return { phase: left.length > 0 ? 'orphaned' : 'stopped', dataDir: config.dataDir, parts };
}
