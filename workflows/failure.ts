import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { isStage, type LunaStage } from '../domain/stages.ts';

/** Why a run ended, as plain data: `close` turns it into words with what was seen. */
export interface Failure {
  stage: LunaStage;
  /** ApplicationFailure's type, or `HeartbeatLost`, `TimedOut`, `Unexpected`. */
  type: string;
  message: string;
  /** The next command, where the one who failed knew it. */
  next: string | null;
}

/** Finds the cause inside Temporal's wrapping. */
export function describeFailure(err: unknown, stage: LunaStage): Failure {
  const cause = err instanceof ActivityFailure ? err.cause : err;
  if (cause instanceof ApplicationFailure) {
    const { stage: where, next } = told(cause.details);
    return { stage: typeof where === 'string' && isStage(where) ? where : stage, type: cause.type ?? 'Unexpected', message: cause.message, next: typeof next === 'string' ? next : null };
  }
  if (cause instanceof TimeoutFailure) {
    const heartbeat = cause.timeoutType === 'HEARTBEAT';
    return { stage, type: heartbeat ? 'HeartbeatLost' : 'TimedOut', message: cause.message, next: null };
  }
  return { stage, type: 'Unexpected', message: cause instanceof Error ? cause.message : String(cause), next: null };
}

/** What luna's own failures carry: the stage that failed, the next command. */
function told(details: unknown[] | null | undefined): { stage?: unknown; next?: unknown } {
  const [first] = details ?? [];
  return typeof first === 'object' && first !== null ? first : {};
}
