import type { Evidence, Progress } from './evidence.ts';
import type { RunSummary } from './provision.ts';
import { atOrAfter, isStage, LUNA1_STATUS } from './stages.ts';
import { timeline } from './timeline.ts';
import type { ProvisionStatus } from './run-views.ts';

/**
 * Where a run is: its summary, what was observed of its stages so far, and what its stage last told about itself.
 * An ended run tells it all in its summary. `nowMs` is milliseconds since 1970.
 */
export function provisionStatus(
  run: RunSummary, evidence: readonly Evidence[], progress: Partial<Progress> | undefined, nowMs: number,
): ProvisionStatus {
  const going = run.status === 'running';
  const stages = going ? timeline(run.stages, evidence, null) : run.stages;
  const observed = going ? stages.at(-1)?.stage ?? run.stage : run.stage;
  const told = going && progress?.stage !== undefined && isStage(progress.stage)
    && (progress.at ?? '') >= run.startedAt && atOrAfter(progress.stage, observed) ? progress : undefined;
  const stage = told?.stage ?? observed;
  const end = run.endedAt === null ? nowMs : Date.parse(run.endedAt);
  return {
    ...run,
    stages,
    stage,
    percent: told?.percent ?? null,
    rate: told?.rate ?? null,
    peers: told?.peers ?? null,
    rateOut: told?.rateOut ?? null,
    eta: told?.eta ?? null,
    message: told?.message ?? '',
    elapsed: Math.max(0, Math.round((end - Date.parse(run.startedAt)) / 1000)),
    luna1: LUNA1_STATUS[stage],
  };
}
