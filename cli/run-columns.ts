import type { RunSummary } from '../domain/provision.ts';
import { utcText } from '../domain/utc-text.ts';
import { type Column, table } from './table.ts';
import { duration } from './units.ts';

/** The table of `provision history`. */
export const RUN_COLUMNS: readonly Column<RunSummary>[] = [
  { title: 'Started', cell: (run) => utcText(run.startedAt) },
  { title: 'Took', cell: (run) => took(run.startedAt, run.endedAt) },
  { title: 'Osimage', cell: (run) => run.osimageName },
  { title: 'Ended', cell: (run) => run.status },
  { title: 'Stage', cell: (run) => run.stage },
  { title: 'Reason', cell: (run) => run.reason },
];

/** The stages a run entered, with their times. */
export function stageTable(run: RunSummary): string {
  return table(
    [
      { title: 'Stage', cell: (s) => s.stage },
      { title: 'Started', cell: (s) => utcText(s.startedAt) },
      { title: 'Took', cell: (s) => took(s.startedAt, s.endedAt) },
      { title: 'Status', cell: (s) => s.status },
    ],
    run.stages,
  );
}

function took(from: string, to: string | null): string | null {
  return to === null ? null : duration((Date.parse(to) - Date.parse(from)) / 1000);
}
