import { type Claim, macClaim } from '../../domain/claims.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Node } from '../../domain/node.ts';
import { changeMacs, type Tx } from './change-objects.ts';
import { claimsAmong, claimsOf, deleteClaims, insertClaims, ownerOf } from './claims.ts';
import type { Store } from './connect.ts';
import { findObject, noteMac } from './objects.ts';

/** Whether the MAC is the node's now, and whose it is otherwise. `owner` is a node id. */
export type Binding = { bound: true } | { bound: false; owner: string };

/** `steal`: take it from another node. `only`: the node gives back its other MACs. */
export interface BindOptions { steal?: boolean; only?: boolean }

const PREFIX = 'mac/';

/**
 * Binds a MAC to a node; the claim is the binding. Binding what is bound already changes nothing. A claim whose node is
 * gone is taken over. Throws LunaError `not-found` when `nodeId` is no node.
 */
export async function bindMac(store: Store, mac: Mac, nodeId: string, by: string, options: BindOptions = {}): Promise<Binding> {
  return changeMacs(store, by, (tx) => bindMacWithin(tx, mac, nodeId, options));
}

/** {@link bindMac} as a part of a larger transaction. */
export async function bindMacWithin(tx: Tx, mac: Mac, nodeId: string, options: BindOptions): Promise<Binding> {
  const node = await findObject(tx, 'node', { _id: nodeId });
  if (!node) throw new LunaError('not-found', `node ${nodeId} is gone: ${mac} can't be bound to it`, 'luna node list');
  const owner = ownerOf('node', nodeId);
  const _id = macClaim(mac);
  if (options.only) await releaseMacs(tx, node, _id);

  const claim = await claimOf(tx, mac);
  if (claim?.owner === owner) return { bound: true };
  if (claim) {
    const other = ownerId(claim);
    if (!options.steal && await findObject(tx, 'node', { _id: other })) return { bound: false, owner: other };
    await deleteClaims(tx, [claim]);
  }
  insertClaims(tx, [{ _id, owner }]);
  noteMac(tx, mac, node.name, claim ? ownerId(claim) : null, nodeId);
  return { bound: true };
}

/** Gives back all MACs of a node, but for the claim `keep`, as a part of a larger transaction. */
export async function releaseMacs(tx: Tx, node: Pick<Node, '_id' | 'name'>, keep: string | null = null): Promise<void> {
  const held = await claimsOf(tx, ownerOf('node', node._id));
  const given = held.filter(({ _id }) => _id.startsWith(PREFIX) && _id !== keep);
  await deleteClaims(tx, given);
  for (const { _id } of given) noteMac(tx, _id.slice(PREFIX.length), node.name, node._id, null);
}

/** Gives back one MAC of a node, as a part of a larger transaction. Throws LunaError `invalid` when it has not got it. */
export async function releaseMacOf(tx: Tx, node: Pick<Node, '_id' | 'name'>, mac: Mac): Promise<void> {
  const claim = await claimOf(tx, mac);
  if (claim?.owner !== ownerOf('node', node._id)) throw new LunaError('invalid', `${mac} is not bound to node ${node.name}`, `luna node show ${node.name}`);
  await deleteClaims(tx, [claim]);
  noteMac(tx, mac, node.name, node._id, null);
}

async function claimOf(tx: Tx, mac: Mac): Promise<Claim | null> {
  const _id = macClaim(mac);
  return (await claimsAmong(tx, [_id])).get(_id) ?? null;
}

function ownerId({ owner }: Claim): string {
  return owner.slice(owner.indexOf('/') + 1);
}
