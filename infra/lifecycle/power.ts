import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { PowerAction, PowerAnswer } from '../../domain/power.ts';
import { callTemporal } from './call.ts';

/** BMCs that one workflow speaks to at once. */
const WIDTH = 16;
/** Nodes of one workflow: each costs its history up to six events, and Temporal warns at 10,240 and ends it at 51,200. */
const TOGETHER = 500;
/** Workflows at once: with their width what one lifecycle process does at a time. */
const AT_ONCE = 4;
/** A whole cluster's BMCs, many of them dead, answer or are given up within this time. */
const LONGEST = '30 minutes';
const LONGEST_MS = 30 * 60_000;

interface PoweredNode { nodeId: string; nodeName: string }

/**
 * Carries one action out on the BMCs of some nodes, in workflows of its own. One answer per node, in the order asked.
 * Throws LunaError `unavailable` while Temporal is away; then no further workflow begins, and those begun go on.
 */
export function createPower(client: Client) {
  return (nodes: readonly PoweredNode[], action: PowerAction, iface?: string): Promise<PowerAnswer[]> => callTemporal(client, async () => {
    const answers: PowerAnswer[] = [];
    for (const some of inParts(inParts(nodes, TOGETHER), AT_ONCE)) {
      answers.push(...(await Promise.all(some.map((part) => carriedOut(client, part, action, iface)))).flat());
    }
    return answers;
  }, LONGEST_MS);
}

function carriedOut(client: Client, nodes: readonly PoweredNode[], action: PowerAction, iface: string | undefined): Promise<PowerAnswer[]> {
  const names = nodes.map((n) => n.nodeName);
  const staticSummary = `${action} ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  return client.workflow.execute<(input: object) => Promise<PowerAnswer[]>>('powerNodes', {
    workflowId: `power/${randomUUID()}`,
    taskQueue: 'lifecycle',
    args: [{ nodes, action, width: WIDTH, ...(iface === undefined ? {} : { iface }) }],
    workflowExecutionTimeout: LONGEST,
    staticSummary,
  });
}

function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
