import type { ClientSession } from 'mongodb';
import { REMOVED } from '../../domain/change.ts';
import { type Claim, macClaim } from '../../domain/claims.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Node } from '../../domain/node.ts';
import { recordChanges } from './changes.ts';
import { claimsOf, deleteClaims, insertClaims, ownerOf } from './claims.ts';
import type { Store } from './connect.ts';
import { inTransaction } from './transaction.ts';

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
  return inTransaction(store, (session) => bindMacWithin(store, session, mac, nodeId, by, options));
}

/** {@link bindMac} as a part of a larger transaction. */
export async function bindMacWithin(
  store: Store, session: ClientSession, mac: Mac, nodeId: string, by: string, options: BindOptions,
): Promise<Binding> {
  const claims = store.db.collection<Claim>('claims');
  const nodes = store.db.collection<Node>('nodes');
  const node = await nodes.findOne({ _id: nodeId }, { session });
  if (!node) throw new LunaError('not-found', `node ${nodeId} is gone: ${mac} can't be bound to it`, 'luna node list');
  const owner = ownerOf('node', nodeId);
  const _id = macClaim(mac);
  if (options.only) await releaseOthers(store, session, owner, _id, node.name, by);

  const claim = await claims.findOne({ _id }, { session });
  if (claim?.owner === owner) return { bound: true };
  if (claim) {
    const other = claim.owner.replace(/^node\//, '');
    const alive = await nodes.findOne({ _id: other }, { session, projection: { _id: 1 } });
    if (alive && !options.steal) return { bound: false, owner: other };
    await claims.deleteOne({ _id, owner: claim.owner }, { session });
  }
  await insertClaims(store, session, [{ _id, owner }]);
  await recordChanges(store, session, [{ kind: 'mac', id: mac, name: node.name, rev: 0, by }]);
  return { bound: true };
}

/** Gives a MAC back; false when nobody had it. */
export async function releaseMac(store: Store, mac: Mac, by: string): Promise<boolean> {
  return inTransaction(store, async (session) => {
    const claim = await store.db.collection<Claim>('claims').findOneAndDelete({ _id: macClaim(mac) }, { session });
    if (!claim) return false;
    const node = await store.db.collection<Node>('nodes').findOne({ _id: claim.owner.replace(/^node\//, '') }, { session });
    await recordChanges(store, session, [{ kind: 'mac', id: mac, name: node?.name ?? claim.owner, rev: REMOVED, by }]);
    return true;
  });
}

/** Gives back all MACs of a node, as a part of a larger transaction. */
export async function releaseMacsOf(store: Store, session: ClientSession, node: Pick<Node, '_id' | 'name'>, by: string): Promise<void> {
  await releaseOthers(store, session, ownerOf('node', node._id), null, node.name, by);
}

async function releaseOthers(store: Store, session: ClientSession, owner: string, keep: string | null, name: string, by: string): Promise<void> {
  const held = await claimsOf(store, session, owner);
  const given = held.map(({ _id }) => _id).filter((id) => id.startsWith(PREFIX) && id !== keep);
  await deleteClaims(store, session, given.map((_id) => ({ _id, owner })));
  await recordChanges(store, session, given.map((id) => ({ kind: 'mac' as const, id: id.slice(PREFIX.length), name, rev: REMOVED, by })));
}
