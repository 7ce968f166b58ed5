import type { Evidence } from './evidence.ts';
import type { Order } from './provision.ts';
import { STAGE_ROWS, rowOf, type LunaStage } from './stages.ts';

/** Attempts are numbered within the tries an operator asks for: the third attempt of the second try is 103. */
export const ATTEMPTS_PER_TRY = 100;

/**
 * Whether a stage that runs on the node is wanted no more: an operator skipped its row, or had it run again. A later
 * row alone proves nothing, because after a restart of the machine the stages of earlier rows run again; those were
 * done before in this boot.
 */
export function isSuperseded(
  order: Pick<Order, 'bootId' | 'row' | 'attempt'>, running: { stage: LunaStage; attempt: number }, evidence: readonly Pick<Evidence, 'bootId' | 'stage' | 'status'>[],
): boolean {
  if (!mayBeSuperseded(order, running)) return false;
  return !evidence.some((e) => e.bootId === order.bootId && e.stage === running.stage && e.status === 'ok');
}

/** What can be told without a look at the evidence: false for nearly every stage that runs. */
export function mayBeSuperseded(order: Pick<Order, 'row' | 'attempt'>, { stage, attempt }: { stage: LunaStage; attempt: number }): boolean {
  const row = rowOf(stage);
  if (row === order.row) return tryOf(order.attempt) > tryOf(attempt);
  return indexOf(row) < indexOf(order.row);
}

const tryOf = (attempt: number): number => Math.floor(attempt / ATTEMPTS_PER_TRY);
const indexOf = (row: string): number => STAGE_ROWS.findIndex((one) => one.row === row);
