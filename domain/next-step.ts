import { evidenceId, type Evidence } from './evidence.ts';
import type { Boot, Order } from './provision.ts';
import { STAGE_ROWS, STAGES, stagesOf, type LunaStage } from './stages.ts';

/** What an agent that asks is to do. */
export type NextStep =
  | { action: 'run'; stage: LunaStage; attempt: number }
  | { action: 'wait' }
  | { action: 'continue' }
  | { action: 'abort'; reason: string };

type OrderedBoot = Pick<Boot, 'bootId' | 'state'>;
type Ordered = Pick<Order, 'bootId' | 'row' | 'attempt' | 'skip'>;

/** What every stage does to the machine's memory is lost when it restarts; what this one did is in the management controller. */
const OUTLIVES_RESTART: readonly LunaStage[] = ['setupbmc'];

/** The stages that run on the node, in order. */
export const AGENT_STAGES: readonly LunaStage[] = STAGE_ROWS.filter((row) => row.by === 'agent').flatMap((row): readonly LunaStage[] => row.stages);

/**
 * Decides an agent's next step from what the workflow waits for and what was observed of this boot.
 * What is finished stays finished whichever attempt did it, until the machine restarts: then the stages of earlier rows
 * run again, each as a new attempt, before the ordered row goes on. A failure counts for its own attempt only.
 */
export function nextStep(order: Ordered | null, boot: OrderedBoot, evidence: readonly Evidence[]): NextStep {
  if (boot.state === 'dead') return { action: 'abort', reason: 'the run of this boot has ended' };
  const current = evidence.filter((e) => e.bootId === boot.bootId);
  const alive = sinceRestart(current);
  if (boot.state === 'handedOver' || isDone(alive, 'localboot')) return { action: 'continue' };
  if (boot.state !== 'live' || order === null || order.bootId !== boot.bootId) return { action: 'wait' };
  if (order.row === 'ready') return { action: 'continue' };
  const ordered = stagesOf(order.row).filter((stage) => AGENT_STAGES.includes(stage) && !order.skip.includes(stage));
  if (ordered.some((stage) => hasFailed(current, stage, order.attempt))) return { action: 'wait' };
  const stage = [...lostStages(order, current, alive), ...ordered].find((one) => !isDone(alive, one));
  if (stage === undefined) return { action: 'wait' };
  // Evidence of one attempt is written once, so a stage that was done before the restart needs a number of its own.
  const attempt = ordered.includes(stage) && !isDone(current, stage) ? order.attempt : newAttempt(current, stage);
  return { action: 'run', stage, attempt };
}

/**
 * The evidence a report stands for. A stage that is run again after a restart and fails now fails the stage that the
 * workflow still waits for, else nobody would ever hear of it.
 */
export function reportedEvidence(order: Ordered | null, report: Evidence, evidence: readonly Evidence[]): Evidence[] {
  const repeated = evidence.some((e) => e._id === report._id);
  if (order === null || report.status !== 'failed' || order.bootId !== report.bootId || repeated) return [report];
  // A stage that was never done was not run again: an operator skipped it.
  if (!evidence.some((e) => e.stage === report.stage && e.status === 'ok')) return [report];
  const pending = stagesOf(order.row).find((stage) => !order.skip.includes(stage) && !isDone(evidence, stage));
  if (pending === undefined || STAGES.indexOf(report.stage) >= STAGES.indexOf(pending)) return [report];
  const { attempt } = order;
  const seq = Math.max(-1, ...evidence.filter((e) => e.stage === pending && e.attempt === attempt).map((e) => e.seq)) + 1;
  const message = `${report.stage} failed when it was run again after a restart: ${report.message}`.slice(0, 4000);
  const failure: Evidence = { ...report, stage: pending, attempt, seq, message };
  return [report, { ...failure, _id: evidenceId(failure) }];
}

/** Evidence of the kernel that runs now: a hello tells when its kernel started, and what is older died with the one before. */
function sinceRestart(evidence: readonly Evidence[]): Evidence[] {
  const starts = evidence.filter((e) => e.stage === 'pxe.kernel').map((e) => bootedAt(e));
  const newest = starts.reduce((a, b) => (a > b ? a : b), '');
  return evidence.filter((e) => e.at >= newest);
}

function bootedAt(hello: Evidence): string {
  const told = hello.facts['bootedAt'];
  return typeof told === 'string' ? told : hello.at;
}

/** Stages before the ordered row that were done in this boot, but not since the machine started. */
function lostStages(order: Ordered, all: readonly Evidence[], alive: readonly Evidence[]): LunaStage[] {
  const before = AGENT_STAGES.slice(0, AGENT_STAGES.indexOf(stagesOf(order.row)[0] ?? 'prescript'));
  const lost = (stage: LunaStage) => all.some((e) => e.stage === stage && e.status === 'ok') && !isDone(alive, stage);
  return before.filter((stage) => !OUTLIVES_RESTART.includes(stage) && lost(stage));
}

function isDone(evidence: readonly Evidence[], stage: LunaStage): boolean {
  return evidence.some((e) => e.stage === stage && (e.status === 'ok' || e.status === 'skipped'));
}

function hasFailed(evidence: readonly Evidence[], stage: LunaStage, attempt: number): boolean {
  const finished = evidence.some((e) => e.stage === stage && e.status === 'ok');
  return !finished && evidence.some((e) => e.stage === stage && e.status === 'failed' && e.attempt === attempt);
}

function newAttempt(evidence: readonly Evidence[], stage: LunaStage): number {
  const tried = evidence.filter((e) => e.stage === stage && e.status !== 'running').map((e) => e.attempt);
  return Math.max(0, ...tried) + 1;
}
