import type { ObjectKind } from '../../domain/change.ts';
import { LunaError } from '../../domain/errors.ts';
import { reservedOffsets } from '../../domain/ip-pool.ts';
import type { Network } from '../../domain/network.ts';
import type { Tx } from './change-objects.ts';
import { claimsAmong, insertClaims } from './claims.ts';

/** Something to be claimed, how to call it when it can't be (`10.30.0.7`, `the name node001`), and for whom. */
export interface Wanted { id: string; what: string; owner: string }

/**
 * Claims things; what an owner has already he keeps. Throws LunaError `taken` that names who has one of them.
 * (A race for a claim ends in a duplicate key; the transaction then runs again and finds the winner here.)
 */
export async function take(tx: Tx, wanted: readonly Wanted[]): Promise<void> {
  const there = await claimsAmong(tx, wanted.map(({ id }) => id));
  for (const { id, what, owner } of wanted) {
    const holder = there.get(id)?.owner;
    if (holder === undefined || holder === owner) continue;
    const { name, next } = await nameOf(tx, id, holder);
    throw new LunaError('taken', `${what} is taken by ${name}`, next);
  }
  insertClaims(tx, wanted.filter(({ id }) => !there.has(id)).map(({ id, owner }) => ({ _id: id, owner })));
}

/** The owner of a claim, `node/<id>`, for people. */
async function nameOf(tx: Tx, claim: string, owner: string): Promise<{ name: string; next: string }> {
  const [kind, id = ''] = owner.split('/') as [ObjectKind, string?];
  if (kind === 'cluster' && claim.startsWith('ip/')) return { name: 'the cluster (its frontend address)', next: 'luna cluster show' };
  const object = (await tx.objects.find(kind, { _id: id }))[0];
  const name = object?.name ?? id;
  const what = kind === 'network' && claim.startsWith('ip/') ? await reservationOf(tx, id, claim) : '';
  return { name: `${kind} ${name}${what}`, next: `luna ${kind} show ${name}` };
}

/** What a network keeps an address for: ` (its gateway)`, ` (set aside for pdu7)`. */
async function reservationOf(tx: Tx, networkId: string, claim: string): Promise<string> {
  const network = (await tx.objects.find('network', { _id: networkId }))[0] as Network | undefined;
  const offset = BigInt(claim.slice(claim.lastIndexOf('/') + 1));
  const why = network ? reservedOffsets(network, null).get(offset) : undefined;
  if (why !== 'reserved') return why === undefined ? '' : ` (its ${why})`;
  const word = network?.reserved.find((one) => BigInt(one.offset) === offset)?.name;
  return word ? ` (set aside for ${word})` : ' (set aside)';
}
