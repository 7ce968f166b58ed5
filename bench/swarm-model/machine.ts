import { WIRE } from './case.ts';
import { fill, fillAll } from './choose.ts';
import type { Cable } from './links.ts';
import type { World } from './world.ts';

/** What one machine knows of another that it talks with. */
export interface Conn {
  readonly owner: Machine;
  readonly remote: Machine;
  /** The same connection as the other sees it. */
  twin: Conn;
  readonly has: Uint8Array;
  /** The last piece of each stripe that the other has. */
  readonly top: number[];
  /** Blocks asked for, and since when. */
  readonly asked: Map<number, number>;
  /** Blocks that the other wants. */
  readonly queue: number[];
  rate: number;
  counted: number;
  since: number;
}

const NOBODY = -1;

/** Blocks that are given to the kernel at once over all connections: the peer's two, and those of a seeder that doesn't count. */
const WRITING = 2;
const SEEDER_WRITING = 4;

const FREE = 0;
const HERE = 2;
/** A block that was asked for. */
export const ASKED = 1;

/** A machine with the node's peer (infra/initramfs/peer), block by block. */
export class Machine {
  readonly world: World;
  readonly id: number;
  readonly cable: Cable;
  readonly isServer: boolean;
  readonly have: Uint8Array;
  readonly haveIn: number[];
  /** The first piece of each stripe that is missing. */
  readonly low: number[];
  /** The last piece of each stripe that is here. */
  readonly top: number[];
  readonly state: Uint8Array;
  readonly parents: number[];
  spares: number[] = [];
  readonly conns = new Map<number, Conn>();
  left: number;
  sent = 0;
  /** Bytes per second that it finds its cable to carry; null while that doesn't show. */
  uplink: number | null = null;
  started: number | null = null;
  finished: number | null = null;
  /** Blocks that have come, by piece. */
  private readonly come: Uint16Array;
  private readonly inTurn: Conn[] = [];
  private waiting = false;
  private turn = 0;

  constructor(world: World, id: number, cable: Cable) {
    this.world = world;
    this.id = id;
    this.cable = cable;
    this.isServer = id === 0;
    const { stripes } = world.plan;
    this.have = new Uint8Array(world.pieces).fill(this.isServer ? 1 : 0);
    this.haveIn = Array.from({ length: stripes }, (_, stripe) => (this.isServer ? world.inStripe(stripe) : 0));
    this.low = Array.from({ length: stripes }, (_, stripe) => stripe);
    this.top = Array.from({ length: stripes }, () => (this.isServer ? world.pieces - 1 : -1));
    this.left = this.isServer ? 0 : world.pieces;
    this.state = new Uint8Array(this.isServer ? 0 : world.pieces * world.blocks);
    this.come = new Uint16Array(this.isServer ? 0 : world.pieces);
    this.parents = Array<number>(stripes).fill(NOBODY);
    if (this.isServer) this.started = 0;
  }

  start(): void {
    this.started = this.world.events.now;
    this.world.announce(this);
  }

  /** Takes the neighbours that the tracker names. */
  arrange(parents: readonly number[], spares: readonly number[]): void {
    parents.forEach((id, stripe) => {
      const old = this.parents[stripe];
      if (old === id) return;
      this.parents[stripe] = id;
      const conn = this.conns.get(old ?? NOBODY);
      if (conn !== undefined) for (const block of conn.asked.keys()) if (this.stripeOf(block) === stripe) this.withdraw(conn, block);
    });
    this.spares = [...spares];
    if (this.left > 0) for (const id of [...parents, ...spares]) if (!this.conns.has(id)) this.world.connect(this, id);
    fillAll(this);
  }

  meet(other: Machine): void {
    if (this.conns.has(other.id)) return;
    const mine = this.connTo(other);
    const theirs = other.connTo(this);
    mine.twin = theirs;
    theirs.twin = mine;
    fillAll(this);
    fillAll(other);
  }

  /** Asks for a block. */
  ask(conn: Conn, block: number): void {
    this.state[block] = ASKED;
    conn.asked.set(block, this.world.events.now);
    this.world.tell(this, conn.remote, () => {
      conn.twin.queue.push(block);
      conn.remote.send();
    });
  }

  isFree(block: number): boolean {
    return this.state[block] === FREE;
  }

  stripeOf(block: number): number {
    return Math.floor(block / this.world.blocks) % this.world.plan.stripes;
  }

  /** Whether at least two wait for what it sends. */
  brakes(): boolean {
    let waiting = 0;
    for (const conn of this.conns.values()) if (conn.twin.asked.size > 0) waiting += 1;
    return waiting >= 2 && this.cable.up.wait(this.world.events.now) > 0;
  }

  private connTo(remote: Machine): Conn {
    const conn: Conn = {
      owner: this, remote, twin: undefined as unknown as Conn, has: remote.have.slice(), top: [...remote.top], asked: new Map(), queue: [],
      rate: 0, counted: 0, since: this.world.events.now,
    };
    this.conns.set(remote.id, conn);
    this.inTurn.push(conn);
    return conn;
  }

  private withdraw(conn: Conn, block: number): void {
    conn.asked.delete(block);
    if (this.state[block] === ASKED) this.state[block] = FREE;
    this.world.tell(this, conn.remote, () => {
      const at = conn.twin.queue.indexOf(block);
      if (at >= 0) conn.twin.queue.splice(at, 1);
    });
  }

  /** Gives blocks to the cable, one connection after the other, so few that what is decided last leaves soon. */
  private send(): void {
    if (this.waiting) return;
    const { events, plan } = this.world;
    const bytes = plan.blockLength * WIRE;
    const ahead = ((this.isServer ? SEEDER_WRITING : WRITING) * bytes) / this.cable.up.rate;
    for (;;) {
      const wait = this.cable.up.wait(events.now);
      if (wait > ahead + 1e-9) {
        this.waiting = true;
        events.after(wait - ahead, () => {
          this.waiting = false;
          this.send();
        });
        return;
      }
      const conn = this.nextToServe();
      const block = conn?.queue.shift();
      if (conn === null || block === undefined) return;
      this.sent += plan.blockLength;
      this.world.carry(this, conn.remote, bytes, () => { conn.remote.received(conn.twin, block); });
    }
  }

  private nextToServe(): Conn | null {
    const all = this.inTurn;
    for (let i = 0; i < all.length; i += 1) {
      const at = (this.turn + i) % all.length;
      const conn = all[at];
      if (conn === undefined || conn.queue.length === 0) continue;
      this.turn = at + 1;
      return conn;
    }
    return null;
  }

  private received(conn: Conn, block: number): void {
    const { events, plan, blocks } = this.world;
    conn.asked.delete(block);
    conn.counted += plan.blockLength;
    const passed = events.now - conn.since;
    if (passed > 0.1) {
      conn.rate = 0.6 * conn.rate + (0.4 * conn.counted) / passed;
      conn.counted = 0;
      conn.since = events.now;
    }
    const piece = Math.floor(block / blocks);
    if (this.state[block] === HERE) this.world.wasted += plan.blockLength;
    else {
      this.state[block] = HERE;
      this.come[piece] = (this.come[piece] ?? 0) + 1;
      if (this.come[piece] === blocks) this.keep(piece);
    }
    fill(this, conn);
  }

  private keep(piece: number): void {
    const { world } = this;
    const stripe = piece % world.plan.stripes;
    this.have[piece] = 1;
    this.haveIn[stripe] = (this.haveIn[stripe] ?? 0) + 1;
    this.left -= 1;
    let low = this.low[stripe] ?? 0;
    while (low < world.pieces && this.have[low] === 1) low += world.plan.stripes;
    this.low[stripe] = low;
    this.top[stripe] = Math.max(this.top[stripe] ?? -1, piece);
    for (const conn of this.conns.values()) {
      for (const block of conn.asked.keys()) if (Math.floor(block / world.blocks) === piece) this.withdraw(conn, block);
      if (conn.has[piece] === 0) this.tell(conn.twin, piece, stripe);
    }
    if (this.left === 0) {
      this.finished = world.events.now;
      world.whole += 1;
    }
    // Nothing else to ask for can have turned up before a stripe is whole.
    if (!world.many || this.haveIn.some((have, one) => have === world.inStripe(one))) fillAll(this);
  }

  /** Tells another of a piece: `theirs` is the connection as that one sees it. */
  private tell(theirs: Conn, piece: number, stripe: number): void {
    const note = (): void => {
      if (theirs.has[piece] === 1) return;
      theirs.has[piece] = 1;
      theirs.top[stripe] = Math.max(theirs.top[stripe] ?? -1, piece);
    };
    if (this.world.many && theirs.owner.parents[stripe] !== this.id) {
      note();
      return;
    }
    this.world.tell(this, theirs.owner, () => {
      note();
      fill(theirs.owner, theirs);
    });
  }
}
