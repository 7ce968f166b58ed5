import type { Request, Response } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { EVIDENCE_STATUS, type Evidence, type Progress } from '../../../domain/evidence.ts';
import { AGENT_STAGES, reportedEvidence } from '../../../domain/next-step.ts';
import type { Boot, Order } from '../../../domain/provision.ts';
import type { LunaStage } from '../../../domain/stages.ts';
import { isSuperseded, mayBeSuperseded } from '../../../domain/superseded.ts';
import { TOLD, admitted, type NonceDeps } from './admitted.ts';
import { fieldOf, numberOf, sendText, sendValues } from './respond.ts';
import { currentAttempt, evidenceOfBoot } from './observation.ts';

/** What taking a node's word asks of its surroundings. */
export interface ReportDeps extends NonceDeps {
  orderOf(nodeId: string): Promise<Order | null>;
  /** The newest order of a node, from memory where it can be: asked at every heartbeat. */
  newestOrder(nodeId: string): Promise<Order | null>;
  /** All evidence of one boot. */
  evidenceOf(bootId: string): Promise<Evidence[]>;
  /** Resolves when the evidence is journalled; repeating it is safe. */
  report(evidence: Evidence): Promise<void>;
  /** The last word of a running stage, the heartbeat of its activity. Must not throw. */
  progress(progress: Progress): void;
  now(): Date;
}

/** Limits of `evidenceSchema`; the end of a log says more than its beginning. */
const LONGEST_MESSAGE = 4000;
const LONGEST_LOG = 16_000;

/** POST /node/report: how a stage goes. Answered only after it is journalled. */
export async function report(deps: ReportDeps, req: Request, res: Response): Promise<void> {
  const boot = await admitted(deps, req, TOLD);
  const { stage, attempt } = stageOf(req);
  const status = EVIDENCE_STATUS.find((one) => one === fieldOf(req, 'status'));
  if (status === undefined) throw new LunaError('invalid', `status must be one of ${EVIDENCE_STATUS.join(', ')}`);
  const seq = Math.floor(numberOf(req, 'seq'));
  const durationMs = numberOf(req, 'duration_ms');
  const observed = evidenceOfBoot(boot, deps.now(), { stage, attempt, seq, status, durationMs, message: messageOf(req), log: fieldOf(req, 'log').slice(-LONGEST_LOG) });
  if (boot.state !== 'dead') {
    for (const evidence of await evidenceToReport(deps, boot, observed)) await deps.report(evidence);
  }
  sendValues(res, goOrAbort(boot));
}

/** POST /node/progress: the heartbeat of a running stage. */
export async function progress(deps: ReportDeps, req: Request, res: Response): Promise<void> {
  const boot = await admitted(deps, req, TOLD);
  const { nodeId, bootId } = boot;
  const figure = (name: string): number | null => (fieldOf(req, name) === '' ? null : numberOf(req, name));
  const figures = { percent: figure('percent'), rate: figure('rate'), peers: figure('peers'), rateOut: figure('rate_out'), eta: figure('eta') };
  const running = stageOf(req);
  if (boot.state !== 'dead' && await isUnwanted(deps, boot, running)) {
    sendValues(res, { action: 'abort', reason: `${running.stage} was skipped or is to run again` });
    return;
  }
  const word = { nodeId, bootId, ...running, ...figures, message: messageOf(req), at: deps.now().toISOString() };
  if (boot.state !== 'dead') deps.progress(word);
  sendValues(res, goOrAbort(boot));
}

/** POST /node/ready: the installed system is up. Answered only after it is journalled. */
export async function ready(deps: ReportDeps, req: Request, res: Response): Promise<void> {
  const boot = await admitted(deps, req, ['live', 'held', 'handedOver']);
  const attempt = currentAttempt(boot, await deps.orderOf(boot.nodeId));
  const facts = { ip: req.socket.remoteAddress ?? '' };
  await deps.report(evidenceOfBoot(boot, deps.now(), { stage: 'ready', attempt, seq: 0, status: 'ok', message: messageOf(req), facts }));
  sendText(res, 'ready\n');
}

async function isUnwanted(deps: ReportDeps, boot: Boot, running: { stage: LunaStage; attempt: number }): Promise<boolean> {
  const order = await deps.newestOrder(boot.nodeId);
  if (order?.bootId !== boot.bootId || !mayBeSuperseded(order, running)) return false;
  return isSuperseded(order, running, await deps.evidenceOf(boot.bootId));
}

/** Only a failure can mean more than it says; everything else is taken as it is, without a look at the store. */
async function evidenceToReport(deps: ReportDeps, boot: Boot, observed: Evidence): Promise<Evidence[]> {
  if (observed.status !== 'failed') return [observed];
  return reportedEvidence(await deps.orderOf(boot.nodeId), observed, await deps.evidenceOf(boot.bootId));
}

function goOrAbort(boot: Boot): Record<string, string> {
  return boot.state === 'dead' ? { action: 'abort', reason: 'the run of this boot has ended' } : { action: 'go' };
}

function stageOf(req: Request): { stage: LunaStage; attempt: number } {
  const stage = AGENT_STAGES.find((one) => one === fieldOf(req, 'stage'));
  if (stage === undefined) throw new LunaError('invalid', `stage must be one of ${AGENT_STAGES.join(', ')}`);
  const attempt = Math.floor(numberOf(req, 'attempt'));
  if (attempt < 1) throw new LunaError('invalid', 'attempt counts from 1');
  return { stage, attempt };
}

function messageOf(req: Request): string {
  return fieldOf(req, 'message').slice(0, LONGEST_MESSAGE);
}
