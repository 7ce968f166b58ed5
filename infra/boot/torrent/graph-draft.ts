import type { Arrival, Graph, Member, Progress } from './graph.ts';

/** A machine of a graph that is being changed. An `undefined` parent is still to be found. */
export interface DraftMember {
  readonly id: string;
  readonly switch: string | null;
  stripe: number;
  feeds: boolean;
  readonly parents: (string | null | undefined)[];
  readonly children: Child[];
  /** For each stripe the steps to the server; Infinity while the way is cut. */
  readonly depths: number[];
  /** What share of the image it has. */
  readonly share: number;
  /** How many of its children still need something. */
  load: number;
  /** What it was before, as long as nothing about it has changed. */
  was: Member | null;
}

interface Child { readonly member: DraftMember; readonly stripe: number }

/** A place below a machine, or the server for null; that of a leaf, which then goes below the newcomer. */
interface Place { readonly rank: number; readonly parent: DraftMember | null; readonly leaf?: DraftMember }

/** What is asked of a place. `not` may not be the feeder; `crowd` allows one that has no room. */
interface Wish { readonly not?: string; readonly crowd?: boolean }

/** Whoever has this much more of the image than another, as a share of it, would wait long for what that one passes on. */
const AHEAD = 0.1;

/** A graph being changed; what changes it takes time in proportion to the machines, not to their square. */
export class Draft {
  readonly stripes: number;
  readonly members = new Map<string, DraftMember>();
  /** Whom the server feeds, by stripe: one, but for want of others. */
  private readonly roots: DraftMember[][];
  private readonly insides: number[];
  private readonly progress: Progress;
  /** Who could feed one more, by switch. */
  private readonly roomy = new Map<string | null, Set<DraftMember>>();
  /** How many ways lead from machines of a switch to those of others, by stripe. */
  private readonly ways: readonly Map<string | null, number>[];
  /** Who was there before, and could make room for a newcomer. */
  private readonly elders: readonly DraftMember[];

  constructor(graph: Graph, progress: Progress) {
    this.stripes = graph.stripes;
    this.progress = progress;
    this.roots = Array.from({ length: graph.stripes }, () => []);
    this.insides = this.perStripe(0);
    this.ways = Array.from({ length: graph.stripes }, () => new Map());
    for (const was of graph.members.values()) {
      const { id, switch: where, stripe, feeds } = was;
      this.members.set(id, { id, switch: where, stripe, feeds, parents: [...was.parents], children: [], depths: this.perStripe(Infinity), share: progress(id), load: 0, was });
      if (feeds) this.countInside(stripe, 1);
    }
    this.elders = [...this.members.values()];
    for (const member of this.elders) {
      this.noteRoom(member);
      for (let stripe = 0; stripe < this.stripes; stripe += 1) this.hang(member, stripe, this.member(member.parents[stripe] ?? null));
    }
    this.roots.forEach((roots, stripe) => { for (const root of roots) deepen(root, stripe, 1); });
  }

  at(id: string): DraftMember {
    const member = this.members.get(id);
    if (member === undefined) throw new RangeError(`${id} is not in the swarm`);
    return member;
  }

  isRoot(member: DraftMember, stripe: number): boolean {
    return this.rootsOf(stripe).includes(member);
  }

  /** Adds a machine that nobody feeds yet; it will pass on the stripe that the fewest do. */
  add({ id, switch: where }: Arrival): DraftMember {
    const stripe = this.neediest();
    const member: DraftMember = { id, switch: where, stripe, feeds: true, parents: this.perStripe(undefined), children: [], depths: this.perStripe(Infinity), share: this.progress(id), load: 0, was: null };
    this.members.set(id, member);
    this.countInside(stripe, 1);
    this.noteRoom(member);
    return member;
  }

  delete(member: DraftMember): void {
    for (let stripe = 0; stripe < this.stripes; stripe += 1) this.cut(member, stripe);
    this.setFeeds(member, false);
    this.members.delete(member.id);
    this.noteRoom(member);
  }

  /** Whether a machine feeds others; one that does again passes on the stripe that the fewest do. */
  setFeeds(member: DraftMember, feeds: boolean): void {
    if (member.feeds === feeds) return;
    if (feeds) member.stripe = this.neediest();
    member.feeds = feeds;
    member.was = null;
    this.countInside(member.stripe, feeds ? 1 : -1);
    this.noteRoom(member);
  }

  set(member: DraftMember, stripe: number, parent: DraftMember | null): void {
    this.cut(member, stripe);
    member.parents[stripe] = parent?.id ?? null;
    member.was = null;
    this.hang(member, stripe, parent);
    deepen(member, stripe, (parent?.depths[stripe] ?? 0) + 1);
  }

  cut(member: DraftMember, stripe: number): void {
    const before = member.parents[stripe];
    if (before === undefined) return;
    const parent = this.member(before);
    if (parent === null) {
      this.rootsOf(stripe).splice(this.rootsOf(stripe).indexOf(member), 1);
    } else {
      parent.children.splice(parent.children.findIndex((child) => child.member === member && child.stripe === stripe), 1);
      this.burden(parent, member, stripe, -1);
    }
    member.parents[stripe] = undefined;
    member.was = null;
    deepen(member, stripe, Infinity);
  }

  /** Finds who feeds a machine in a stripe, and has it fed there. */
  place(member: DraftMember, stripe: number, wish: Wish = {}): void {
    const best = this.bestPlace(member, stripe, wish);
    if (best?.leaf !== undefined) this.cut(best.leaf, stripe);
    this.set(member, stripe, best?.parent ?? null);
    if (best?.leaf !== undefined) this.set(best.leaf, stripe, member);
  }

  /** Children that are fed by a machine with too many, or by one that passes on another stripe, go where there is room. */
  rebalance(): void {
    for (let stripe = 0; stripe < this.stripes; stripe += 1) {
      for (const member of this.members.values()) {
        const parent = this.member(member.parents[stripe] ?? null);
        const alone = this.rootsOf(stripe).length === 1;
        if (parent === null ? alone : parent.load <= this.stripes && passes(parent, stripe)) continue;
        const best = this.bestPlace(member, stripe, { crowd: false });
        const now = parent === null ? OVER : this.rank(member, stripe, parent, parent.load - 1);
        if (best !== null && best.rank <= now - BETTER) this.set(member, stripe, best.parent);
      }
    }
  }

  graph(): Graph {
    const members = new Map<string, Member>();
    for (const { id, switch: where, stripe, feeds, parents, was } of this.members.values()) {
      members.set(id, was ?? { id, switch: where, stripe, feeds, parents: parents.map((parent) => parent ?? null) });
    }
    return { stripes: this.stripes, members };
  }

  private bestPlace(member: DraftMember, stripe: number, { not, crowd = true }: Wish): Place | null {
    if (this.rootsOf(stripe).length === 0 && member.feeds) return { rank: 0, parent: null };
    const below = new Set<DraftMember>([member]);
    collect(member, stripe, below);
    let best: Place | null = passes(member, stripe) && member.load < this.stripes ? this.leafToMove(member, stripe, below, not) : null;
    const look = (some: Iterable<DraftMember>): void => {
      for (const one of some) {
        if (!one.feeds || one.id === not || one.depths[stripe] === Infinity || below.has(one)) continue;
        const rank = this.rank(member, stripe, one, one.load);
        if (best === null || rank < best.rank) best = { rank, parent: one };
      }
    };
    const found = (): number => best?.rank ?? Infinity;
    look(this.roomy.get(member.switch) ?? []);
    if (found() >= AWAY) for (const there of this.roomy.values()) look(there);
    if (found() >= OVER && crowd) look(this.members.values());
    return best;
  }

  /** The leaf nearest to the server that can go below a newcomer. */
  private leafToMove(member: DraftMember, stripe: number, below: ReadonlySet<DraftMember>, not?: string): Place | null {
    let best: Place | null = null;
    for (const leaf of this.elders) {
      if (passes(leaf, stripe) || leaf.depths[stripe] === Infinity || below.has(leaf) || this.waitsLong(leaf, member) || !this.members.has(leaf.id)) continue;
      const parent = this.member(leaf.parents[stripe] ?? null);
      if (parent !== null && (!passes(parent, stripe) || parent.id === not)) continue;
      // As good as a free place there, but for the move.
      const rank = (parent === null ? 0 : this.rank(member, stripe, parent, Math.min(parent.load, this.stripes) - 1)) + MOVE;
      if (best === null || rank < best.rank) best = { rank, parent, leaf };
    }
    return best;
  }

  /**
   * How bad it is to be fed by a machine that feeds `load` others, by weight: it has no room or little of the image, is no part
   * of the stripe's tree, hangs on another switch from which many ways lead already, is deep.
   */
  private rank(member: DraftMember, stripe: number, parent: DraftMember, load: number): number {
    const over = Math.max(0, load + 1 - this.stripes) + (this.waitsLong(member, parent) ? 1 : 0);
    const depth = parent.depths[stripe] ?? 0;
    // Where there is no room those suffer least who feed nobody further, at the far end.
    const deep = over === 0 ? depth : (parent.children.some((child) => passes(child.member, child.stripe)) ? 2 : 1) * 10_000 - depth;
    const away = parent.switch === member.switch ? 0 : AWAY * (1 + Math.max(0, this.leaving(parent.switch, stripe) + 1 - this.stripes));
    return over * OVER + away + (passes(parent, stripe) ? 0 : ROOM) + deep * DEPTH + Math.min(load, DEPTH / 2);
  }

  private waitsLong(member: DraftMember, feeder: DraftMember): boolean {
    return member.share < 1 && member.share - feeder.share > AHEAD;
  }

  /** Counts a child; one that has everything is none. */
  private burden(parent: DraftMember, child: DraftMember, stripe: number, by: 1 | -1): void {
    if (parent.switch !== child.switch) this.ways[stripe]?.set(parent.switch, this.leaving(parent.switch, stripe) + by);
    if (child.share < 1) parent.load += by;
    this.noteRoom(parent);
  }

  private leaving(from: string | null, stripe: number): number {
    return this.ways[stripe]?.get(from) ?? 0;
  }

  private noteRoom(member: DraftMember): void {
    const there = this.roomy.get(member.switch) ?? new Set();
    this.roomy.set(member.switch, there);
    if (member.feeds && member.load < this.stripes && this.members.has(member.id)) there.add(member);
    else there.delete(member);
  }

  private hang(member: DraftMember, stripe: number, parent: DraftMember | null): void {
    if (parent === null) {
      this.rootsOf(stripe).push(member);
    } else {
      parent.children.push({ member, stripe });
      this.burden(parent, member, stripe, 1);
    }
  }

  private rootsOf(stripe: number): DraftMember[] {
    return this.roots[stripe] ?? [];
  }

  private neediest(): number {
    return this.insides.indexOf(Math.min(...this.insides));
  }

  private countInside(stripe: number, by: 1 | -1): void {
    this.insides[stripe] = (this.insides[stripe] ?? 0) + by;
  }

  private member(id: string | null): DraftMember | null {
    return id === null ? null : this.at(id);
  }

  private perStripe<T>(value: T): T[] {
    return Array.from({ length: this.stripes }, () => value);
  }
}

/** Weights of a rank, each more than all that comes after it together. */
const DEPTH = 100;
const MOVE = DEPTH / 2 + 1;
const BETTER = 9e6;
const ROOM = 1e8;
const AWAY = 1e7;
const OVER = 1e12;

/** Whether a machine passes a stripe on, rather than being a leaf of it. */
export function passes(member: DraftMember, stripe: number): boolean {
  return member.feeds && member.stripe === stripe;
}

function deepen(member: DraftMember, stripe: number, depth: number): void {
  member.depths[stripe] = depth;
  for (const child of member.children) if (child.stripe === stripe) deepen(child.member, stripe, depth + 1);
}

function collect(member: DraftMember, stripe: number, into: Set<DraftMember>): void {
  for (const child of member.children) {
    if (child.stripe !== stripe) continue;
    into.add(child.member);
    collect(child.member, stripe, into);
  }
}
