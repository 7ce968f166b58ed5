import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
import type { createPowerActivities } from '../activities/power.ts';
import type { PowerAction, PowerAnswer } from '../domain/power.ts';

/** Carries one action out on the BMC of each of some nodes, `width` at a time; a node that fails doesn't stop the others. */
export async function powerNodes(input: { nodes: { nodeId: string; nodeName: string }[]; action: PowerAction; width: number; iface?: string }): Promise<PowerAnswer[]> {
  const queue = [...input.nodes];
  const answers: PowerAnswer[] = [];
  const lanes = Array.from({ length: Math.min(input.width, queue.length) }, async () => {
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) answers.push(await one(node, input.action, input.iface));
  });
  await Promise.all(lanes);
  return input.nodes.flatMap((n) => answers.filter((a) => a.node === n.nodeName));
}

async function one(node: { nodeId: string; nodeName: string }, action: PowerAction, iface: string | undefined): Promise<PowerAnswer> {
  // An answer that got lost may be of a machine that does start anew: a second try would have it do so twice.
  const maximumAttempts = action === 'cycle' || action === 'reset' ? 1 : 2;
  const { power } = proxyActivities<ReturnType<typeof createPowerActivities>>({
    startToCloseTimeout: '1 minute', scheduleToCloseTimeout: '2 minutes', retry: { maximumAttempts }, summary: `${node.nodeName}: ${action}`,
  });
  try {
    return { node: node.nodeName, state: await power({ nodeId: node.nodeId, action, ...(iface === undefined ? {} : { iface }) }) };
  } catch (err) {
    const cause = err instanceof ActivityFailure && err.cause !== undefined ? err.cause : err;
    return { node: node.nodeName, error: cause instanceof Error ? cause.message : String(cause) };
  }
}
