import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { PowerAction, PowerAnswer } from '../../domain/power.ts';
import { callTemporal } from './call.ts';

/** BMCs spoken to at once. */
const WIDTH = 16;
/** A whole cluster's BMCs, many of them dead, answer or are given up within this time. */
const LONGEST = '30 minutes';
const LONGEST_MS = 30 * 60_000;

/** Carries one action out on the BMCs of some nodes, as a workflow of its own. Throws LunaError `unavailable` while Temporal is away. */
export function createPower(client: Client) {
  return (nodes: { nodeId: string; nodeName: string }[], action: PowerAction, iface?: string): Promise<PowerAnswer[]> => callTemporal(client, async () => {
    const names = nodes.map((n) => n.nodeName);
    const staticSummary = `${action} ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
    return client.workflow.execute<(input: object) => Promise<PowerAnswer[]>>('powerNodes', {
      workflowId: `power/${randomUUID()}`,
      taskQueue: 'lifecycle',
      args: [{ nodes, action, width: WIDTH, ...(iface === undefined ? {} : { iface }) }],
      workflowExecutionTimeout: LONGEST,
      staticSummary,
    });
  }, LONGEST_MS);
}
