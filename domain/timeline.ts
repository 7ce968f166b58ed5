import type { Evidence } from './evidence.ts';
import type { RunSummary } from './provision.ts';
import { STAGES, rowOf, type LunaStage } from './stages.ts';

type Line = RunSummary['stages'][number];

/**
 * The stages of a run with their times: the controller's own from when they were entered, the others from evidence.
 * A stage begins where it was first reported running, else where the stage before it ended.
 */
export function timeline(entered: readonly Line[], evidence: readonly Evidence[], endedAt: string | null): Line[] {
  const lines: Line[] = [];
  let mark = entered[0]?.startedAt ?? '';
  for (const stage of STAGES) {
    const mine = evidence.filter((e) => e.stage === stage);
    const enteredAt = entered.filter((line) => line.stage === stage).at(-1)?.startedAt ?? entered.find((line) => rowOf(line.stage) === rowOf(stage))?.startedAt;
    if (mine.length === 0 && !entered.some((line) => line.stage === stage)) continue;
    const last = mine.filter((e) => e.status !== 'running').at(-1);
    const startedAt = mine.find((e) => e.status === 'running')?.at ?? later(mark, enteredAt ?? mark);
    const next = nextEntered(entered, stage);
    const end = last?.at ?? next ?? endedAt;
    lines.push({ stage, startedAt, endedAt: end, status: last?.status ?? (next === null ? 'running' : 'ok') });
    if (end !== null) mark = end;
  }
  return lines;
}

const later = (a: string, b: string): string => (a > b ? a : b);

/** When the run went on to a later stage. */
function nextEntered(entered: readonly Line[], stage: LunaStage): string | null {
  const after = entered.filter((line) => STAGES.indexOf(line.stage) > STAGES.indexOf(stage)).map((line) => line.startedAt).sort();
  return after[0] ?? null;
}
