import { BMC, groupOf, interfaceOf } from '../node-network.ts';
import { installPlan } from '../install-plan.ts';
import { LunaError } from '../errors.ts';
import type { Node } from '../node.ts';
import type { Osimage } from '../osimage.ts';
import type { PowerAction } from '../power.ts';
import type { RunSummary } from '../provision.ts';
import type { Site } from '../site.ts';
import { capital, nodesNamed, verb } from './words.ts';

/** What is known of the newest run of a node. */
type Run = Pick<RunSummary, 'nodeId' | 'status' | 'stage'>;

/** What asking for an installation of nodes would do to them. */
export function provisionConsequences(site: Site, nodes: readonly Node[], runs: readonly Run[], retry: boolean): string[] {
  return alike(nodes, (node) => {
    const open = openRun(node, runs);
    if (open) return (names) => `${names.who} ${verb(names.count, 'is', 'are')} being installed already (${open.stage}): that goes on.`;
    if (retry && hasCompleted(node, runs)) return (names) => `${names.who} completed the last provision: there is nothing to retry.`;
    const [group, why] = [groupOf(site, node).name, refusal(() => installPlan(site, node))];
    if (why !== null) return (names) => `${names.who} can't be installed: ${why.replaceAll(node.name, names.count === 1 ? node.name : 'each')}.`;
    const image = site.osimages.get(groupOf(site, node).osimage)?.name ?? '';
    const formatted = `what the partscript of group ${group} formats is lost`;
    if (!retry) return (names) => `${names.who} ${verb(names.count, 'is', 'are')} power-cycled and installed with osimage ${image}: ${formatted}.`;
    return (names) => `${names.who} ${verb(names.count, 'goes', 'go')} on where the last run failed, or else from a power cycle with osimage ${image}: then ${formatted}.`;
  });
}

/** Whether the newest run of a node took it to its own system: a retry would wipe it for nothing. */
export function hasCompleted(node: Node, runs: readonly Run[]): boolean {
  return runs.some(({ nodeId, status }) => nodeId === node._id && status === 'completed');
}

const POWER: Record<PowerAction, (names: Named) => string> = {
  status: (names) => `${names.who} would only be asked for the power state.`,
  on: (names) => `${names.who} ${verb(names.count, 'is', 'are')} powered on.`,
  off: (names) => `${names.who} ${verb(names.count, 'is', 'are')} powered off at once, whatever runs there.`,
  reset: (names) => `${names.who} ${verb(names.count, 'is', 'are')} reset at once, whatever runs there.`,
  cycle: (names) => `${names.who} ${verb(names.count, 'is', 'are')} power-cycled at once, whatever runs there.`,
  soft: (names) => `${names.who} ${verb(names.count, 'is', 'are')} asked to shut down.`,
  identify: (names) => `${names.who} ${verb(names.count, 'lights its', 'light their')} identify light.`,
  noidentify: (names) => `${names.who} ${verb(names.count, 'puts its', 'put their')} identify light out.`,
};

/** What asking the BMCs of nodes would do to them. */
export function powerConsequences(site: Site, nodes: readonly Node[], runs: readonly Run[], action: PowerAction, iface = BMC): string[] {
  return alike(nodes, (node) => {
    if (interfaceOf(site, node, iface)?.ip == null) return (names) => `${names.who} ${verb(names.count, 'has', 'have')} no BMC that could be asked.`;
    const open = ['off', 'reset', 'cycle', 'soft'].includes(action) ? openRun(node, runs) : undefined;
    if (open) return (names) => `${POWER[action](names)} ${verb(names.count, 'It is', 'They are')} being installed (${open.stage}).`;
    return POWER[action];
  });
}

/** What ending the runs of nodes would do. */
export function cancelConsequences(nodes: readonly Node[], runs: readonly Run[]): string[] {
  return alike(nodes, (node) => {
    const open = openRun(node, runs);
    if (!open) return (names) => `${names.who} ${verb(names.count, 'is', 'are')} not being installed: nothing happens.`;
    return (names) => `The installation of ${names.lower} ends (${open.stage}); ${verb(names.count, 'the machine stays as it is', 'the machines stay as they are')}.`;
  });
}

/** What steering the stage of an open run would do. */
export function stageConsequences(node: Node, runs: readonly Run[], action: 'retry' | 'skip'): string[] {
  const open = openRun(node, runs);
  if (!open) return [`Node ${node.name} is not being installed: there is no stage to ${action}.`];
  return [`Stage ${open.stage} of node ${node.name} ${action === 'retry' ? 'is run again' : 'is taken as done'}.`];
}

/** What packing an image would do. */
export function packConsequences(site: Site, osimage: Osimage): string[] {
  const groups = new Set([...site.groups.values()].filter((group) => group.osimage === osimage._id).map(({ _id }) => _id));
  const names = [...site.nodes.values()].filter(({ group }) => groups.has(group)).map(({ name }) => name);
  const who = names.length === 0 ? 'no node uses it yet' : `${nodesNamed(names)} ${verb(names.length, 'gets', 'get')} it at the next installation`;
  return [`Osimage ${osimage.name} is packed from ${osimage.path}; ${who}.`];
}

/** Nodes in words: `Node node001`, and so inside a sentence. */
interface Named { count: number; who: string; lower: string }

/** One sentence for all nodes that it is true of. */
function alike(nodes: readonly Node[], sentence: (node: Node) => (names: Named) => string): string[] {
  const found = new Map<string, { say: (names: Named) => string; names: string[] }>();
  for (const node of nodes) {
    const say = sentence(node);
    // What is said is the same when it is the same of a node that is called otherwise.
    const key = say({ count: 1, lower: '', who: '' }).replaceAll(node.name, '');
    const there = found.get(key);
    if (there) there.names.push(node.name);
    else found.set(key, { say, names: [node.name] });
  }
  return [...found.values()].map(({ say, names }) => {
    const lower = nodesNamed(names);
    return say({ count: names.length, lower, who: capital(lower) });
  });
}

function openRun(node: Node, runs: readonly Run[]): Run | undefined {
  return runs.find(({ nodeId, status }) => nodeId === node._id && status === 'running');
}

function refusal(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof LunaError) return error.message;
    throw error;
  }
}
