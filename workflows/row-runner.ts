import { ApplicationFailure, CancellationScope, proxyActivities, setHandler, type ActivityOptions } from '@temporalio/workflow';
import type { createNodeStageActivities } from '../activities/node-stages.ts';
import type { createPowerActivities } from '../activities/power.ts';
import type { ProvisionPlan } from '../domain/provision.ts';
import type { LunaStage, StageRow } from '../domain/stages.ts';
import { retryRow, skipRow } from './messages.ts';

type RowActivities = ReturnType<typeof createPowerActivities> & ReturnType<typeof createNodeStageActivities>;

/** Rows with an activity of their own; `plan` and `arm` come before there is a runner. */
export type RunnableRow = Exclude<StageRow, 'plan' | 'arm'>;

/** How long to wait for what, named by what is waited for. A heartbeat time-out outlives a restart of any luna process. */
function profile(row: RunnableRow, plan: ProvisionPlan): ActivityOptions {
  const once = { maximumAttempts: 1 };
  const agent = { maximumAttempts: plan.attempts, initialInterval: '2 seconds' as const };
  switch (row) {
    case 'powerOn':
      return { startToCloseTimeout: '3 minutes', heartbeatTimeout: '1 minute', retry: { maximumAttempts: 3, initialInterval: '3 seconds' } };
    case 'discover':
      return { startToCloseTimeout: '15 minutes', retry: once };
    case 'pxe':
      return { startToCloseTimeout: '4 minutes', retry: once };
    case 'ready':
      return { startToCloseTimeout: '10 minutes', retry: once };
    case 'partition': case 'download': case 'unpack': case 'postscript': case 'localboot':
      return { startToCloseTimeout: '2 hours', heartbeatTimeout: '45 seconds', retry: agent };
  }
}

const VERBS: Record<RunnableRow, string> = {
  powerOn: 'power on over IPMI, read back', discover: 'learn the MAC from the switch port', pxe: 'network boot up to the agent’s hello',
  partition: 'prescript, BMC set-up, partition', download: 'download the image from the swarm, verify', unpack: 'unpack the image',
  postscript: 'network, postscript, boot loader', localboot: 'disarm, hand over', ready: 'the installed system reports in',
};

/** Makes the function that runs one row, again when an operator's Update says so. `enter` is told each time; `path` is the boot path that `powerOn` offers. */
export function createRowRunner(plan: ProvisionPlan, bootId: string, enter: (row: StageRow) => void) {
  // One scope for all rows, a new one only after a verdict: each would cost the workflow half a dozen promises.
  let scope = new CancellationScope();
  let current: { row: StageRow; verdict: 'retry' | 'skip' | null } | null = null;
  let tries = 0;

  const decide = (verdict: 'retry' | 'skip') => (): StageRow => {
    if (current === null) throw ApplicationFailure.nonRetryable('nothing is being waited for now', 'NothingRunning');
    current.verdict = verdict;
    scope.cancel();
    return current.row;
  };
  setHandler(retryRow, decide('retry'));
  setHandler(skipRow, decide('skip'));

  return async function runRow(row: RunnableRow, path = 0): Promise<void> {
    const { nodeId, nodeName } = plan;
    const skip: LunaStage[] = plan.setupbmc ? [] : ['setupbmc'];
    for (;;) {
      enter(row);
      const acts = proxyActivities<RowActivities>({ ...profile(row, plan), summary: `${plan.nodeName}: ${VERBS[row]}` });
      const turn = { row, verdict: null as 'retry' | 'skip' | null };
      current = turn;
      try {
        await scope.run(() => (row === 'powerOn' ? acts.powerOn({ plan, path }) : acts[row]({ nodeId, nodeName, bootId, tries, skip })));
      } catch (err) {
        if (turn.verdict === null || CancellationScope.current().consideredCancelled) throw err;
      } finally {
        current = null;
      }
      // The verdict counts even when the row ended in the same workflow task: its scope is cancelled either way.
      if (turn.verdict === null) return;
      scope = new CancellationScope();
      if (turn.verdict === 'skip') return;
      tries += 1;
    }
  };
}
