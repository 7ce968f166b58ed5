import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { projectRoot } from '../../infra/root.ts';

/** `LUNA_RECORD=1 npm test -- workflow` records the histories that `replay.test.ts` replays. */
const recording = process.env.LUNA_RECORD === '1';

/** Keeps the history of a run that ended, where histories are recorded. */
export async function recordHistory(handle: WorkflowHandle, name: string): Promise<void> {
  if (!recording) return;
  const folder = join(projectRoot, 'test', 'fixtures', 'histories');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), anonymous(historyToJSON(await handle.fetchHistory())));
}

/** A history says where it was recorded in stack traces, identities and the sticky queues named after them, which nobody needs. */
function anonymous(history: string): string {
  const blank = (key: string, value: unknown): unknown => (key === 'stackTrace' ? '' : typeof value === 'string' && /^\d+@/.test(value) ? 'worker@controller' : value);
  return `${JSON.stringify(JSON.parse(history, blank), null, 1)}\n`;
}
