import { ApplicationFailure, CancellationScope, isCancellation, proxyActivities, setHandler, type ActivityOptions } from '@temporalio/workflow';
import type { createNodeStageActivities } from '../activities/node-stages.ts';
import type { createPowerActivities } from '../activities/power.ts';
import type { ProvisionPlan } from '../domain/provision.ts';
import type { LunaStage, StageRow } from '../domain/stages.ts';
import { retryRow, skipRow } from './messages.ts';

type RowActivities = ReturnType<typeof createPowerActivities> & ReturnType<typeof createNodeStageActivities>;

/** How long to wait for what, named by what is waited for. A heartbeat time-out outlives a restart of any luna process. */
function profile(row: StageRow, plan: ProvisionPlan): ActivityOptions {
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
    case 'plan': case 'arm': case 'partition': case 'download': case 'unpack': case 'postscript': case 'localboot':
      return { startToCloseTimeout: '2 hours', heartbeatTimeout: '45 seconds', retry: agent };
  }
}

const VERBS: Record<StageRow, string> = {
  plan: 'plan', arm: 'arm', powerOn: 'power on over IPMI, read back', discover: 'learn the MAC from the switch port', pxe: 'network boot up to the agent’s hello',
  partition: 'prescript, BMC set-up, partition', download: 'download the image from the swarm, verify', unpack: 'unpack the image',
  postscript: 'network, postscript, boot loader', localboot: 'disarm, hand over', ready: 'the installed system reports in',
};

/** Makes the function that runs one row, again when an operator's Update says so. `enter` is told each time. */
export function createRowRunner(plan: ProvisionPlan, bootId: string, enter: (row: StageRow) => void) {
  let current: { row: StageRow; scope: CancellationScope; verdict: 'retry' | 'skip' | null } | null = null;
  let tries = 0;

  const decide = (verdict: 'retry' | 'skip') => (): StageRow => {
    if (current === null) throw ApplicationFailure.nonRetryable('nothing is being waited for now', 'NothingRunning');
    current.verdict = verdict;
    current.scope.cancel();
    return current.row;
  };
  setHandler(retryRow, decide('retry'));
  setHandler(skipRow, decide('skip'));

  return async function runRow(row: StageRow, options = { cycle: false, path: 0 }): Promise<void> {
    const skip: LunaStage[] = plan.setupbmc ? [] : ['setupbmc'];
    for (;;) {
      enter(row);
      const acts = proxyActivities<RowActivities>({ ...profile(row, plan), summary: `${plan.nodeName}: ${VERBS[row]}` });
      const scope = new CancellationScope();
      const turn = { row, scope, verdict: null as 'retry' | 'skip' | null };
      current = turn;
      try {
        await scope.run(async () => {
          if (row === 'plan' || row === 'arm') return;
          if (row === 'powerOn') await acts.powerOn({ plan, ...options });
          else await acts[row]({ plan, bootId, tries, skip });
        });
        return;
      } catch (err) {
        const { verdict } = turn;
        if (!isCancellation(err) || verdict === null) throw err;
        if (verdict === 'skip') return;
        tries += 1;
      } finally {
        current = null;
      }
    }
  };
}
