import { Draft, type DraftMember, passes } from './graph-draft.ts';

/** One machine of a swarm. */
export interface Member {
  readonly id: string;
  /** The switch it hangs on; null when nobody knows. */
  readonly switch: string | null;
  /** The stripe it passes on. */
  readonly stripe: number;
  /** Whether others may be fed by it: a machine that was found slow or dishonest only takes. */
  readonly feeds: boolean;
  /** For each stripe who feeds it; null is the server. */
  readonly parents: readonly (string | null)[];
}

/**
 * Striped trees: piece p belongs to stripe p mod `stripes`, and each stripe has a tree of its own with the server above its
 * root. A machine is inside one tree, where it feeds up to `stripes` children at a share of its link each, and a leaf of the
 * others; so every link carries the image once in and once out, and the server sends it once.
 */
export interface Graph {
  readonly stripes: number;
  readonly members: ReadonlyMap<string, Member>;
}

/** Who arrives. */
export type Arrival = Pick<Member, 'id' | 'switch'>;

/** A swarm of nobody. */
export function emptyGraph(stripes: number): Graph {
  return { stripes, members: new Map() };
}

/** What share of the image a machine has, 0 to 1. Unknown is 0: then all are taken to have come together. */
export type Progress = (id: string) => number;

const unknown: Progress = () => 0;

/**
 * The graph with these machines, which arrived together. There are only as many places as machines, and the free ones are
 * those of the last arrivals: below them, single arrivals would make a chain. So one that passes a stripe on takes the place
 * of a leaf near the server, and the leaf goes below it, if it is not far ahead. Who is there already is left alone.
 */
export function withArrivals(graph: Graph, arrivals: readonly Arrival[], progress: Progress = unknown): Graph {
  // Machines of one switch follow each other, so that all but the first find their feeder on their own switch.
  const fresh = arrivals.filter(({ id }) => !graph.members.has(id)).sort((a, b) => compare(a.switch ?? '', b.switch ?? ''));
  if (fresh.length === 0) return graph;
  const draft = new Draft(graph, progress);
  const placed = [...new Map(fresh.map((one) => [one.id, one])).values()].map((one) => draft.add(one));
  for (let stripe = 0; stripe < graph.stripes; stripe += 1) {
    // Those inside a stripe are placed before anything else: the leaves hang on them.
    for (const member of placed) if (passes(member, stripe)) draft.place(member, stripe);
    for (const member of placed) if (!passes(member, stripe)) draft.place(member, stripe);
  }
  draft.rebalance();
  return draft.graph();
}

/** The graph without a machine; those that it fed are fed by others. */
export function without(graph: Graph, id: string, progress: Progress = unknown): Graph {
  if (!graph.members.has(id)) return graph;
  const draft = new Draft(graph, progress);
  const orphans = bequeath(draft, draft.at(id));
  draft.delete(draft.at(id));
  settle(draft, orphans);
  return draft.graph();
}

/** The graph with a machine that feeds nobody any more: it was too slow, or sent what it should not. */
export function demoted(graph: Graph, id: string, progress: Progress = unknown): Graph {
  if (!(graph.members.get(id)?.feeds ?? false)) return graph;
  const draft = new Draft(graph, progress);
  const member = draft.at(id);
  const orphans = bequeath(draft, member);
  draft.setFeeds(member, false);
  // Who feeds nobody is in nobody's way at the edge.
  const own = member.parents.flatMap((parent, stripe) => (parent === undefined || draft.isRoot(member, stripe) ? [{ member, stripe }] : []));
  for (const { stripe } of own) draft.cut(member, stripe);
  settle(draft, [...orphans, ...own]);
  return draft.graph();
}

/** The graph with a machine that may feed again, after it was demoted. */
export function restored(graph: Graph, id: string, progress: Progress = unknown): Graph {
  if (graph.members.get(id)?.feeds ?? true) return graph;
  const draft = new Draft(graph, progress);
  const member = draft.at(id);
  draft.setFeeds(member, true);
  draft.cut(member, member.stripe);
  draft.place(member, member.stripe);
  draft.rebalance();
  return draft.graph();
}

/** The graph with a machine that takes what this feeder gave it from others: between the two something is wrong. */
export function refed(graph: Graph, id: string, feeder: string, progress: Progress = unknown): Graph {
  if (!(graph.members.get(id)?.parents.includes(feeder) ?? false)) return graph;
  const draft = new Draft(graph, progress);
  const member = draft.at(id);
  const parted = member.parents.flatMap((parent, stripe) => (parent === feeder ? [stripe] : []));
  for (const stripe of parted) {
    draft.cut(member, stripe);
    draft.place(member, stripe, { not: feeder });
  }
  draft.rebalance();
  return draft.graph();
}

/** Who is fed by a machine, or by the server for null, in which stripe. */
export function childrenOf(graph: Graph, id: string | null): { id: string; stripe: number }[] {
  return [...graph.members.values()].flatMap((member) => member.parents.flatMap((parent, stripe) => (parent === id ? [{ id: member.id, stripe }] : [])));
}

/** How many machines a stripe passes before it comes to this one; 1 for a root. */
export function depthOf(graph: Graph, id: string, stripe: number): number {
  let depth = 1;
  for (let at = graph.members.get(id)?.parents[stripe] ?? null; at !== null && depth <= graph.members.size; depth += 1) {
    at = graph.members.get(at)?.parents[stripe] ?? null;
  }
  return depth;
}

interface Orphan { readonly member: DraftMember; readonly stripe: number }

/**
 * Takes from a machine all that it feeds. One of the same tree with few children of its own takes its place with what it
 * fed there, so that the tree stays as deep as it was; the others are to be placed.
 */
function bequeath(draft: Draft, member: DraftMember): Orphan[] {
  const { stripe } = member;
  const heir = heirOf(draft, member);
  const children = [...member.children];
  const orphans: Orphan[] = children.filter((child) => child.member !== heir || child.stripe !== stripe);
  for (const child of children) draft.cut(child.member, child.stripe);
  if (heir === null) return orphans;
  const place = member.parents[stripe];
  const left = [...heir.children];
  for (const child of left) draft.cut(child.member, child.stripe);
  draft.cut(member, stripe);
  draft.set(heir, stripe, place === null || place === undefined ? null : draft.at(place));
  const inherited = new Set(orphans.filter((orphan) => orphan.stripe === stripe).slice(0, draft.stripes));
  for (const orphan of inherited) draft.set(orphan.member, stripe, heir);
  return [...orphans.filter((orphan) => !inherited.has(orphan)), ...left];
}

function heirOf(draft: Draft, member: DraftMember): DraftMember | null {
  let heir: DraftMember | null = null;
  if (!member.feeds || member.parents[member.stripe] === undefined) return heir;
  const above = new Set<string | null | undefined>();
  for (let at = member.parents[member.stripe]; at !== null && at !== undefined; at = draft.at(at).parents[member.stripe]) above.add(at);
  for (const one of draft.members.values()) {
    if (one === member || above.has(one.id) || !passes(one, member.stripe) || one.depths[member.stripe] === Infinity) continue;
    const fewer = one.children.length - (heir?.children.length ?? Infinity);
    if (fewer < 0 || (fewer === 0 && (one.depths[member.stripe] ?? 0) > (heir?.depths[member.stripe] ?? 0))) heir = one;
  }
  return heir;
}

/** Finds feeders for those that have none: first for those that others hang on. */
function settle(draft: Draft, orphans: readonly Orphan[]): void {
  const first = ({ member, stripe }: Orphan): number => (member.feeds ? (passes(member, stripe) ? 0 : 1) : 2);
  for (const { member, stripe } of [...orphans].sort((a, b) => first(a) - first(b))) {
    if (draft.members.has(member.id) && member.parents[stripe] === undefined) draft.place(member, stripe);
  }
  draft.rebalance();
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
