import type { Conn, Machine } from './machine.ts';

// Which blocks a machine asks whom for: the peer's choose.go, without what it does about peers that are silent.

/** Blocks that a connection may owe at the least and the most, and the time of its rate that is asked for in advance. */
const LEAST = 3;
const MOST = 64;
const AHEAD = 0.06;

/** At the end, another is asked for what one has owed for this long. */
const EAGER = 1;

/** Asks everyone for what they may be asked for. */
export function fillAll(machine: Machine): void {
  for (const conn of machine.conns.values()) fill(machine, conn);
}

/** Asks one for as much of each stripe that it feeds as its rate can bring soon. */
export function fill(machine: Machine, conn: Conn): void {
  if (machine.left === 0) return;
  const { stripes, blockLength } = machine.world.plan;
  const depth = Math.min(MOST, Math.max(LEAST, Math.floor((conn.rate * AHEAD) / blockLength)));
  let feeds = false;
  for (let stripe = 0; stripe < stripes; stripe += 1) {
    if (isWhole(machine, stripe) || machine.parents[stripe] !== conn.remote.id) continue;
    feeds = true;
    let owed = 0;
    for (const block of conn.asked.keys()) if (machine.stripeOf(block) === stripe) owed += 1;
    if (owed < depth) askNext(machine, conn, stripe, depth - owed);
  }
  if (conn.asked.size < depth && (!feeds || conn.asked.size === 0)) help(machine, conn, depth);
}

/** The next blocks of a stripe. What another tree brings, because it has nothing left of its own, comes last. */
function askNext(machine: Machine, conn: Conn, stripe: number, blocks: number): void {
  const { plan } = machine.world;
  const top = conn.top[stripe] ?? -1;
  let wanted = blocks;
  const shares = machine.haveIn.some((_, other) => other !== stripe && isWhole(machine, other));
  for (const shared of shares ? [false, true] : [false]) {
    for (let piece = machine.low[stripe] ?? 0; piece <= top && wanted > 0; piece += plan.stripes) {
      if (machine.have[piece] === 1 || conn.has[piece] === 0) continue;
      if (shares && byOther(machine, piece, stripe) !== shared) continue;
      while (wanted > 0 && askIn(machine, conn, piece)) wanted -= 1;
    }
  }
}

/** Whether the tree that carries a piece besides its own has nothing left of its own. */
function byOther(machine: Machine, piece: number, stripe: number): boolean {
  const other = substitute(machine, piece);
  return other !== stripe && isWhole(machine, other) && machine.conns.has(machine.parents[other] ?? -1);
}

function substitute(machine: Machine, piece: number): number {
  const { stripes } = machine.world.plan;
  return Math.floor(piece / stripes) % stripes;
}

/** Uses a parent whose stripe is whole for its share of those that are not, then for any; spares when one is whole. */
function help(machine: Machine, conn: Conn, depth: number): void {
  const { plan, pieces } = machine.world;
  let parent = false;
  let whole = 0;
  for (let stripe = 0; stripe < plan.stripes; stripe += 1) {
    if (!isWhole(machine, stripe)) continue;
    whole += 1;
    if (machine.parents[stripe] !== conn.remote.id) continue;
    parent = true;
    for (let piece = Math.min(...machine.low); piece < pieces && conn.asked.size < depth; piece += 1) {
      if (machine.have[piece] === 0 && conn.has[piece] === 1 && substitute(machine, piece) === stripe) askIn(machine, conn, piece);
    }
  }
  if (whole === 0 || (!parent && !machine.spares.includes(conn.remote.id))) return;
  for (let piece = pieces - 1; piece >= 0 && conn.asked.size < depth; piece -= 1) {
    if (machine.have[piece] === 0 && conn.has[piece] === 1 && (!conn.remote.isServer || elsewhere(machine, piece))) {
      while (conn.asked.size < depth && askIn(machine, conn, piece));
    }
  }
  if (conn.asked.size === 0) askAgain(machine, conn);
}

/** Whether a neighbour other than the server has a piece. */
function elsewhere(machine: Machine, piece: number): boolean {
  for (const conn of machine.conns.values()) if (!conn.remote.isServer && conn.has[piece] === 1) return true;
  return false;
}

function askAgain(machine: Machine, conn: Conn): void {
  let oldest = -1;
  let at = machine.world.events.now - EAGER;
  for (const other of machine.conns.values()) {
    if (other === conn) continue;
    for (const [block, since] of other.asked) {
      if (since >= at || conn.asked.has(block) || conn.has[Math.floor(block / machine.world.blocks)] === 0) continue;
      oldest = block;
      at = since;
    }
  }
  if (oldest >= 0) machine.ask(conn, oldest);
}

function askIn(machine: Machine, conn: Conn, piece: number): boolean {
  const { blocks } = machine.world;
  for (let block = piece * blocks; block < (piece + 1) * blocks; block += 1) {
    if (!machine.isFree(block)) continue;
    machine.ask(conn, block);
    return true;
  }
  return false;
}

function isWhole(machine: Machine, stripe: number): boolean {
  return machine.haveIn[stripe] === machine.world.inStripe(stripe);
}
