import { evidenceId, type Evidence } from '../../../domain/evidence.ts';
import type { Boot, Order } from '../../../domain/provision.ts';

/** The attempt a fresh observation belongs to: the one that is waited for, 1 while nothing is. */
export function currentAttempt(boot: Boot, order: Order | null): number {
  return order !== null && order.bootId === boot.bootId ? order.attempt : 1;
}

/** What an observer adds to a piece of evidence; `seq` tells observations of one stage and attempt apart. */
export type Observation = Pick<Evidence, 'stage' | 'attempt' | 'seq' | 'status'> & Partial<Pick<Evidence, 'message' | 'log' | 'durationMs' | 'facts'>>;

/** A piece of evidence of this boot. */
export function evidenceOfBoot(boot: Boot, at: Date, observation: Observation): Evidence {
  const { bootId, nodeId, runId } = boot;
  const _id = evidenceId({ bootId, ...observation });
  return { _id, bootId, nodeId, runId, message: '', log: '', facts: {}, ...observation, at: at.toISOString() };
}

/** A sequence number for things that may be seen again and again: whole seconds since 1970. */
export const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000);
