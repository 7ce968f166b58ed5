import type { Evidence } from '../domain/evidence.ts';
import { duration } from './units.ts';

/** One observation as a line, its log indented below: `10:31:07 unpack ok (0:00:41) 12345 files`. */
export function evidenceText({ at, stage, attempt, status, durationMs, message, log }: Evidence): string {
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  const took = durationMs === undefined ? '' : ` (${duration(durationMs / 1000)})`;
  const head = `${at.slice(11, 19)} ${stage} ${status}${again}${took}${message === '' ? '' : ` ${message}`}`;
  const tail = log.trimEnd();
  return tail === '' ? head : `${head}\n${tail.split('\n').map((line) => `    ${line}`).join('\n')}`;
}
