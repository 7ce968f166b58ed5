import { changedOptions } from '../../domain/boot-settings.ts';
import { portClaim } from '../../domain/claims.ts';
import { LunaError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import type { Node } from '../../domain/node.ts';
import type { NodeChanges } from '../../domain/requests/node.ts';
import type { Done } from '../../domain/many.ts';
import { doToEach } from './bulk.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import { deleteClaims, ownerOf } from './claims.ts';
import type { Store } from './connect.ts';
import { bindMacWithin, type BindOptions, releaseMacOf, releaseMacs } from './macs.ts';
import { moveAddress, moveToGroup } from './node-addresses.ts';
import { refuseWhileRunning } from './nodes.ts';
import { findObject, objectNamed, replaceObject } from './objects.ts';
import { take } from './take.ts';

/** Changes a node: all that is asked or nothing. A changed group keeps addresses where the network stays. */
export function changeNode(store: Store, name: string, changes: NodeChanges, by: string): Promise<Node> {
  return changeObjects(store, by, (tx) => changeWithin(tx, name, changes));
}

/** The same change of many nodes: of all or none, or with `each` of those that can be changed. */
export async function changeNodes(store: Store, names: readonly string[], changes: NodeChanges, each: boolean, by: string): Promise<Done[]> {
  for (const field of ['name', 'rev', 'mac', 'macs', 'interface', 'interfaces'] as const) {
    if (changes[field] != null && names.length > 1) throw new LunaError('invalid', `${field} is one node's own: it can't be the same of ${names.length}`);
  }
  return doToEach(store, by, names, each, (tx, name) => changeWithin(tx, name, changes));
}

async function changeWithin(tx: Tx, name: string, changes: NodeChanges): Promise<Node> {
  const { rev, group, switch: switchName, port, mac, macs, steal = false, interface: first, interfaces = [], dhcp_options, ...plain } = changes;
  const before = await objectNamed(tx, 'node', name);
  if (plain.name !== undefined && plain.name !== name) await refuseWhileRunning(tx.store, before, 'renamed');
  let moved = group === undefined ? before : { ...before, ...await moveToGroup(tx, before, group) };
  for (const address of first ? [first, ...interfaces] : interfaces) moved = await moveAddress(tx, moved, address);
  const placed = switchName === undefined && port === undefined ? {} : await moveToPort(tx, before, switchName, port);
  if (mac !== undefined) await changeMac(tx, before, mac, { steal, only: true });
  for (const one of macs?.remove ?? []) await releaseMacOf(tx, before, one);
  for (const one of macs?.add ?? []) await changeMac(tx, before, one, { steal });
  return replaceObject(tx, 'node', before, { ...moved, ...placed, ...given(plain), ...changedOptions(before.dhcp_options, dhcp_options) }, rev);
}

/** A port is claimed when both switch and port are known. */
async function moveToPort(
  tx: Tx, node: Node, switchName: string | null | undefined, port: string | null | undefined,
): Promise<Pick<Node, 'switch' | 'port'>> {
  const owner = ownerOf('node', node._id);
  const switchId = typeof switchName === 'string' ? (await objectNamed(tx, 'switch', switchName))._id : switchName;
  const place = { switch: switchId === undefined ? node.switch : switchId, port: port === undefined ? node.port : port };
  if (node.switch !== null && node.port !== null) await deleteClaims(tx, [{ _id: portClaim(node.switch, node.port), owner }]);
  if (place.switch !== null && place.port !== null) {
    const found = await findObject(tx, 'switch', { _id: place.switch });
    await take(tx, [{ id: portClaim(place.switch, place.port), what: `port ${place.port} of switch ${found?.name ?? place.switch}`, owner }]);
  }
  return place;
}

async function changeMac(tx: Tx, node: Node, mac: string | null, options: BindOptions): Promise<void> {
  if (mac === null) return releaseMacs(tx, node);
  const binding = await bindMacWithin(tx, mac, node._id, options);
  if (binding.bound) return undefined;
  const other = await findObject(tx, 'node', { _id: binding.owner });
  throw new LunaError('taken', `${mac} is bound to node ${other?.name ?? binding.owner}`, `luna node change ${other?.name ?? 'NODE'} --mac ''`);
}
