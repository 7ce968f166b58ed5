import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { LunaStage } from '../domain/stages.ts';

/** Why a run ended, as plain data: `close` turns it into words with what was seen. */
export interface Failure {
  stage: LunaStage;
  /** ApplicationFailure's type, or `HeartbeatLost`, `TimedOut`, `Unexpected`. */
  type: string;
  message: string;
}

/** Finds the cause inside Temporal's wrapping. */
export function describeFailure(err: unknown, stage: LunaStage): Failure {
  const cause = err instanceof ActivityFailure ? err.cause : err;
  if (cause instanceof ApplicationFailure) return { stage, type: cause.type ?? 'Unexpected', message: cause.message };
  if (cause instanceof TimeoutFailure) {
    const heartbeat = cause.timeoutType === 'HEARTBEAT';
    return { stage, type: heartbeat ? 'HeartbeatLost' : 'TimedOut', message: cause.message };
  }
  return { stage, type: 'Unexpected', message: cause instanceof Error ? cause.message : String(cause) };
}
