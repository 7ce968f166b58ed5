import { activityInfo, ApplicationFailure, heartbeat } from '@temporalio/activity';
import { BmcError, type PowerAction } from '../domain/power.ts';
import type { ProvisionPlan } from '../domain/provision.ts';
import type { LunaStage } from '../domain/stages.ts';

/** One BMC, spoken to by whatever protocol it has. `iface`: the interface at whose address it answers; BMC when absent. Every call has a deadline and throws BmcError. */
export interface Bmc {
  status(nodeId: string, iface?: string): Promise<'on' | 'off'>;
  /** Sets where the next boot goes. */
  bootFrom(nodeId: string, device: 'pxe' | 'disk'): Promise<void>;
  act(nodeId: string, action: Exclude<PowerAction, 'status'>, iface?: string): Promise<string>;
  coldReset(nodeId: string): Promise<void>;
}

export interface PowerDeps {
  bmc: Bmc;
  enterStage(runId: string, stage: LunaStage): Promise<void>;
  /** From now on a network boot of this run's node counts; `path` is the boot path it is offered. */
  countBootsFrom(runId: string, at: string, path: number): Promise<void>;
  sleep(ms: number): Promise<void>;
}

/** How long a chassis may take to reach the state it was told, in polls of half a second. */
const POLLS = 60;

/** Power, verified by reading it back. */
export function createPowerActivities(deps: PowerDeps) {
  return {
    /** Boot device PXE, off if it was on, on; each read back. A node without a BMC is left to a person's hand. */
    async powerOn({ plan, path }: { plan: ProvisionPlan; path: number }): Promise<string> {
      const { workflowExecution, attempt } = activityInfo();
      const runId = workflowExecution?.runId ?? '';
      await deps.enterStage(runId, 'power');
      const { nodeId, nodeName } = plan;
      if (plan.bmc === null) {
        await deps.countBootsFrom(runId, new Date().toISOString(), path);
        return `${nodeName} has no BMC: switch it on by hand`;
      }
      return named(nodeName, async () => {
        if (attempt === 3) {
          // A BMC that can't even be reset says why at the next question.
          await deps.bmc.coldReset(nodeId).then(() => deps.sleep(5000), () => undefined);
        }
        if (await deps.bmc.status(nodeId) === 'on') {
          await deps.bmc.act(nodeId, 'off');
          await reach(nodeId, nodeName, 'off');
        }
        await deps.bmc.bootFrom(nodeId, 'pxe');
        await deps.countBootsFrom(runId, new Date().toISOString(), path);
        await deps.bmc.act(nodeId, 'on');
        await reach(nodeId, nodeName, 'on');
        return `${nodeName} is on, boot device pxe, BMC ${plan.bmc?.address ?? ''}`;
      });
    },

    /** One action of `luna power`. Answers the state read back, or what was done. */
    async power({ nodeId, action, iface }: { nodeId: string; action: PowerAction; iface?: string }): Promise<string> {
      return named(nodeId, async () => (action === 'status' ? deps.bmc.status(nodeId, iface) : deps.bmc.act(nodeId, action, iface)));
    },
  };

  async function reach(nodeId: string, nodeName: string, wanted: 'on' | 'off'): Promise<void> {
    for (let poll = 0; poll < POLLS; poll += 1) {
      heartbeat({ waitingFor: wanted });
      if (await deps.bmc.status(nodeId) === wanted) return;
      await deps.sleep(500);
    }
    throw new BmcError(`${nodeName} was told to go ${wanted} but its BMC still says otherwise after ${POLLS / 2} s`, false, `luna power ${nodeName} status`);
  }
}

/** A refusal of credentials is final; anything else may pass. */
async function named<T>(nodeName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    if (!(err instanceof BmcError)) throw err;
    const details = { next: err.next };
    throw err.refused
      ? ApplicationFailure.nonRetryable(err.message, 'BmcRefused', details)
      : ApplicationFailure.create({ message: err.message, type: 'BmcFailed', details: [{ ...details, nodeName }] });
  }
}
