import type { Progress } from './evidence.ts';
import type { RunSummary } from './provision.ts';
import { atOrAfter, isStage, LUNA1_STATUS } from './stages.ts';
import type { ProvisionStatus } from './views.ts';

/** Where a run is: its summary, and what its stage last told about itself. `nowMs` is milliseconds since 1970. */
export function provisionStatus(run: RunSummary, progress: Partial<Progress> | undefined, nowMs: number): ProvisionStatus {
  const told = run.status === 'running' && progress?.stage !== undefined && isStage(progress.stage)
    && (progress.at ?? '') >= run.startedAt && atOrAfter(progress.stage, run.stage) ? progress : undefined;
  const stage = told?.stage ?? run.stage;
  const end = run.endedAt === null ? nowMs : Date.parse(run.endedAt);
  return {
    ...run,
    stage,
    percent: told?.percent ?? null,
    rate: told?.rate ?? null,
    peers: told?.peers ?? null,
    message: told?.message ?? '',
    elapsed: Math.max(0, Math.round((end - Date.parse(run.startedAt)) / 1000)),
    luna1: LUNA1_STATUS[stage],
  };
}
