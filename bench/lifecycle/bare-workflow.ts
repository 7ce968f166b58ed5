import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BareActivities } from './bare-activities.ts';
import type { Shape } from './load.ts';

const { note } = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '20 seconds' });
const { act } = proxyActivities<BareActivities>({ startToCloseTimeout: '3 minutes' });
const { wait } = proxyActivities<BareActivities>({ startToCloseTimeout: '2 hours', heartbeatTimeout: '45 seconds' });

/** The least that any engine would have to do for a lifecycle of this shape: as many activities, and nothing in them. */
export async function bareLifecycle({ local, regular, asynchronous, beating }: Shape): Promise<void> {
  for (let i = 1; i < local; i += 1) await note();
  for (let i = 0; i < regular; i += 1) await act();
  for (let i = 0; i < asynchronous; i += 1) await wait(i < beating);
  await note();
}
