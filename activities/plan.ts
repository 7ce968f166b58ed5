import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import { LunaError } from '../domain/errors.ts';
import { evidenceId, type Evidence } from '../domain/evidence.ts';
import type { Boot, ProvisionInput, ProvisionPlan, RunSummary } from '../domain/provision.ts';
import { atOrAfter, stagesOf, STAGE_ROWS, type LunaStage } from '../domain/stages.ts';

/** What planning and arming need of the store. */
export interface PlanDeps {
  /** Resolves everything a provision needs from the declared objects, or throws LunaError saying what is missing. */
  resolvePlan(nodeId: string): Promise<ProvisionPlan>;
  startRun(run: RunSummary): Promise<void>;
  /** So many random bytes, in hex. */
  random(bytes: number): string;
  enterStage(runId: string, stage: LunaStage): Promise<void>;
  boots: {
    ofRun(runId: string): Promise<Boot | null>;
    /** The node's newest identity with the time its agent was last heard (ISO), if ever. */
    lastOfNode(nodeId: string): Promise<{ boot: Boot; heardAt: string | null } | null>;
    insert(boot: Boot): Promise<void>;
    change(nonce: string, changes: Partial<Omit<Boot, '_id'>>): Promise<void>;
    endOthers(nodeId: string, keep: string): Promise<void>;
  };
  /** Whether a BMC says that the node is switched off; false when nobody can tell. */
  isOff(nodeId: string): Promise<boolean>;
  evidence: { of(bootId: string): Promise<Evidence[]>; append(evidence: Evidence[]): Promise<void> };
}

/** An agent is alive when it was heard within this time; it asks at least every 25 s. */
const ALIVE_MS = 40_000;
/** An identity outlives any honest installation, not a forgotten one. */
const IDENTITY_MS = 4 * 3600_000;

/** The steps before anything is touched. */
export function createPlanActivities(deps: PlanDeps) {
  return {
    /** Resolves what the node needs and notes that the run began. Fails for good when something is missing. */
    async plan({ input, startedAt }: { input: ProvisionInput; startedAt: string }): Promise<ProvisionPlan> {
      const { workflowExecution } = activityInfo();
      const { runId, workflowId } = workflowExecution ?? { runId: '', workflowId: '' };
      const run: RunSummary = {
        _id: runId, workflowId, nodeId: input.nodeId, nodeName: input.nodeName, groupName: '', osimageName: '', status: 'running',
        stage: 'plan', reason: '', next: '', startedAt, endedAt: null, stages: [{ stage: 'plan', startedAt, endedAt: null, status: 'running' }],
      };
      try {
        const plan = await deps.resolvePlan(input.nodeId);
        await deps.startRun({ ...run, groupName: plan.groupName, osimageName: plan.osimageName });
        return plan;
      } catch (err) {
        if (!(err instanceof LunaError)) throw err;
        await deps.startRun(run);
        throw ApplicationFailure.nonRetryable(err.message, 'NotReady', { next: err.next });
      }
    },

    /** Gives the node a boot identity: a new one, or, on a retry, that of an agent which is still there. */
    async arm({ input, plan }: { input: ProvisionInput; plan: ProvisionPlan }): Promise<{ bootId: string; reattached: boolean; firstStage: LunaStage }> {
      const runId = activityInfo().workflowExecution?.runId ?? '';
      await deps.enterStage(runId, 'arm');
      const mine = await deps.boots.ofRun(runId);
      if (mine !== null) {
        // An earlier try of this activity may have ended right after it armed.
        await deps.boots.endOthers(input.nodeId, mine._id);
        return { bootId: mine.bootId, ...await position(mine.bootId, mine.state === 'live', input.from) };
      }

      const last = input.mode === 'retry' ? await deps.boots.lastOfNode(input.nodeId) : null;
      const deadline = new Date(Date.now() + IDENTITY_MS).toISOString();
      const bootId = deps.random(8);
      if (last !== null && reattachable(last, plan) && !(plan.bmc !== null && await deps.isOff(input.nodeId))) {
        await carryOver(last.boot.bootId, bootId, input, runId);
        await deps.boots.change(last.boot._id, { bootId, runId, state: 'live', deadline });
        return { bootId, ...await position(bootId, true, input.from) };
      }
      const nonce = deps.random(16);
      await deps.boots.insert({
        _id: nonce, bootId, nodeId: input.nodeId, nodeName: input.nodeName, runId, artefact: plan.artefact, state: 'armed', path: 0,
        poweredAt: input.mode === 'unasked' ? new Date().toISOString() : null, deadline,
      });
      await deps.boots.endOthers(input.nodeId, nonce);
      return { bootId, reattached: false, firstStage: 'power' };
    },
  };

  /** Evidence of finished stages goes along to the new boot id, up to where the operator wants to begin again. */
  async function carryOver(oldBoot: string, newBoot: string, input: ProvisionInput, runId: string): Promise<void> {
    const finished = (await deps.evidence.of(oldBoot)).filter((e) => e.status === 'ok' || e.status === 'skipped');
    const kept = finished.filter((e) => input.from === null || !atOrAfter(e.stage, input.from));
    const carried = kept.map((e) => ({ ...e, bootId: newBoot, runId, _id: evidenceId({ ...e, bootId: newBoot }) }));
    if (carried.length > 0) await deps.evidence.append(carried);
  }

  /** The first row of the agent that isn't finished in this boot. */
  async function position(bootId: string, live: boolean, from: LunaStage | null): Promise<{ reattached: boolean; firstStage: LunaStage }> {
    if (!live) return { reattached: false, firstStage: 'power' };
    const evidence = await deps.evidence.of(bootId);
    const finished = (stage: LunaStage) => evidence.some((e) => e.stage === stage && (e.status === 'ok' || e.status === 'skipped'));
    const agentRows = STAGE_ROWS.filter((r) => r.by === 'agent').map((r) => r.row);
    const open = agentRows.find((row) => !stagesOf(row).every((stage) => finished(stage)));
    const firstStage = stagesOf(open ?? 'ready')[0] ?? 'ready';
    if (from !== null && atOrAfter(from, 'prescript') && !atOrAfter(firstStage, from) && !stagesOf('partition').includes(from)) {
      throw ApplicationFailure.nonRetryable(`can't begin at ${from}: ${firstStage} was never finished on this machine`, 'NotReady');
    }
    return { reattached: true, firstStage };
  }
}

function reattachable(last: { boot: Boot; heardAt: string | null }, plan: ProvisionPlan): boolean {
  const usable = last.boot.state === 'held' || last.boot.state === 'live';
  return usable && last.boot.artefact === plan.artefact && last.heardAt !== null && Date.now() - Date.parse(last.heardAt) < ALIVE_MS;
}
