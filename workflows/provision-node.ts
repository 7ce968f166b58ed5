import {
  CancellationScope, isCancellation, proxyLocalActivities, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { createCloseActivities } from '../activities/close.ts';
import type { createPlanActivities } from '../activities/plan.ts';
import type { ProvisionInput, ProvisionPlan, ProvisionResult } from '../domain/provision.ts';
import { STAGE_ROWS, rowOf, stagesOf, type LunaStage, type StageRow } from '../domain/stages.ts';
import { describeFailure } from './failure.ts';
import { whereQuery } from './messages.ts';
import { createRowRunner, type RunnableRow } from './row-runner.ts';

const { plan, arm } = proxyLocalActivities<ReturnType<typeof createPlanActivities>>({
  startToCloseTimeout: '20 seconds', scheduleToCloseTimeout: '3 minutes', retry: { initialInterval: '500 ms', maximumInterval: '10 seconds' },
});
const { close } = proxyLocalActivities<ReturnType<typeof createCloseActivities>>({
  startToCloseTimeout: '20 seconds', scheduleToCloseTimeout: '1 hour', retry: { initialInterval: '500 ms', maximumInterval: '30 seconds' },
});

const lunaStage = defineSearchAttributeKey('LunaStage', 'KEYWORD');

/** How often a machine that never says hello is power-cycled before the run fails. */
const BOOT_TRIES = 3;

/**
 * Takes one node from power-off to its own operating system (`docs/architecture.md`). Fails with an
 * ApplicationFailure whose message names the cause and the next command; the same text is in the run's summary.
 */
export async function provisionNode(input: ProvisionInput): Promise<ProvisionResult> {
  const startedAt = Date.now();
  let stage: LunaStage = 'plan';
  let bootId: string | null = null;
  setHandler(whereQuery, () => ({ stage, bootId }));

  try {
    const planned = await plan({ input, startedAt: new Date(startedAt).toISOString() });
    const armed = await arm({ input, plan: planned });
    bootId = armed.bootId;
    const runRow = createRowRunner(planned, armed.bootId, enter);
    for (const row of rowsFrom(armed.reattached ? armed.firstStage : input.mode === 'unasked' ? 'pxe.dhcp' : 'power', planned)) {
      if (row === 'pxe') await bootUntilHello(runRow, input.mode === 'unasked');
      else await runRow(row);
    }
    await close({ input, status: 'completed', stage: 'ready', failure: null });
    return { nodeName: input.nodeName, bootId: armed.bootId, seconds: Math.round((Date.now() - startedAt) / 1000) };
  } catch (err) {
    const cancelled = isCancellation(err);
    const failure = cancelled ? null : describeFailure(err, stage);
    const reason = await CancellationScope.nonCancellable(() => close({ input, status: cancelled ? 'cancelled' : 'failed', stage, failure }));
    setCurrentDetails(`**${cancelled ? 'cancelled' : 'failed'} in ${stage}**\n\n${reason}`);
    throw err;
  }

  function enter(row: StageRow): void {
    stage = stagesOf(row)[0] ?? stage;
    upsertSearchAttributes([{ key: lunaStage, value: stage }]);
    setCurrentDetails(progressTable(row));
  }
}

type RunRow = (row: RunnableRow, path?: number) => Promise<void>;

/** Waits for the agent's hello; a machine that doesn't come is power-cycled, the last time on the alternate boot path. */
async function bootUntilHello(runRow: RunRow, unasked: boolean): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runRow('pxe');
      return;
    } catch (err) {
      if (isCancellation(err) || unasked || attempt >= BOOT_TRIES) throw err;
      await runRow('powerOn', attempt === BOOT_TRIES - 1 ? 1 : 0);
    }
  }
}

/** The rows from the one of a stage on, less those that this plan doesn't need. */
function rowsFrom(from: LunaStage, planned: ProvisionPlan): RunnableRow[] {
  const rows = STAGE_ROWS.map((r) => r.row);
  return rows.slice(rows.indexOf(rowOf(from))).filter((row): row is RunnableRow => row !== 'plan' && row !== 'arm' && !(row === 'discover' && planned.macKnown));
}

/** The run as a list for the Web UI: what is done, where it is, what is to come. */
function progressTable(current: StageRow): string {
  const at = STAGE_ROWS.findIndex((r) => r.row === current);
  const lines = STAGE_ROWS.map((r, i) => `- ${i < at ? '✔' : i === at ? '▶' : '·'} ${r.row}: ${r.stages.join(', ')}`);
  return `run ${workflowInfo().runId}\n\n${lines.join('\n')}`;
}
