import type { Evidence } from './evidence.ts';
import type { Order } from './provision.ts';
import { stagesOf, type LunaStage } from './stages.ts';

/** What the evidence of a boot says about the row that is waited for. */
export type RowOutcome =
  | { is: 'going'; stage: LunaStage }
  | { is: 'done'; message: string }
  | { is: 'failed'; stage: LunaStage; message: string };

/** Rows of which the last stage alone proves the row: a packet on the way may be missed, the hello can't be. */
const PROVED_BY_LAST: readonly string[] = ['pxe'];

/**
 * Reads the outcome of a row from the evidence of its boot. What is finished stays finished whichever attempt did it;
 * a failure counts only for the attempt that is waited for, so reports of old attempts change nothing.
 */
export function rowOutcome(order: Pick<Order, 'row' | 'attempt' | 'skip'>, evidence: readonly Evidence[]): RowOutcome {
  const stages = stagesOf(order.row);
  const needed = PROVED_BY_LAST.includes(order.row) ? stages.slice(-1) : stages.filter((stage) => !order.skip.includes(stage));
  let message = '';
  for (const stage of needed) {
    const finished = evidence.find((e) => e.stage === stage && (e.status === 'ok' || e.status === 'skipped'));
    if (finished !== undefined) {
      message = finished.message === '' ? message : finished.message;
      continue;
    }
    const failed = evidence.find((e) => e.stage === stage && e.status === 'failed' && e.attempt === order.attempt);
    if (failed !== undefined) return { is: 'failed', stage, message: failed.message };
    return { is: 'going', stage };
  }
  return { is: 'done', message };
}
