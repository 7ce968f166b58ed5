import { portClaim } from '../../domain/claims.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Group } from '../../domain/group.ts';
import type { Node } from '../../domain/node.ts';
import { keptAddresses } from '../../domain/regroup.ts';
import type { NodeChanges } from '../../domain/requests/node.ts';
import { allocateAddresses, releaseAddresses, takeAddress } from './addresses.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import { deleteClaims, ownerOf } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import type { Store } from './connect.ts';
import { given } from './given.ts';
import { bindMacWithin, releaseMacs } from './macs.ts';
import { refuseWhileRunning } from './nodes.ts';
import { findObject, objectNamed, replaceObject } from './objects.ts';
import { take } from './take.ts';

/** Changes a node: all that is asked or nothing. A changed group keeps addresses where the network stays. */
export function changeNode(store: Store, name: string, changes: NodeChanges, by: string): Promise<Node> {
  const { rev, group, switch: switchName, port, mac, steal, interface: address, ...plain } = changes;
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'node', name);
    if (plain.name !== undefined && plain.name !== name) await refuseWhileRunning(store, before, 'renamed');
    const moved = group === undefined ? before : { ...before, ...await moveToGroup(tx, before, group) };
    const addressed = address === undefined ? moved : { ...moved, addresses: await moveAddress(tx, moved, address) };
    const placed = switchName === undefined && port === undefined ? {} : await moveToPort(tx, before, switchName, port);
    if (mac !== undefined) await changeMac(tx, before, mac, steal === true);
    return replaceObject(tx, 'node', before, { ...addressed, ...placed, ...given(plain) }, rev);
  });
}

async function moveToGroup(tx: Tx, node: Node, name: string): Promise<Pick<Node, 'group' | 'addresses'>> {
  const next = await objectNamed(tx, 'group', name);
  const from = await groupOf(tx, node);
  const owner = ownerOf('node', node._id);
  const addresses = keptAddresses(from.interfaces, next.interfaces, node.addresses);
  const keeps = new Set(next.interfaces.filter(({ id }) => addresses[id] !== undefined).map(({ id, network }) => `${network}/${addresses[id]}`));
  const held = from.interfaces.flatMap(({ id, network }) => network !== null && node.addresses[id] !== undefined ? [{ network, offset: node.addresses[id], owner }] : []);
  await releaseAddresses(tx, held.filter(({ network, offset }) => !keeps.has(`${network}/${offset}`)));
  const cluster = await clusterWithin(tx);
  for (const { id, network: networkId } of next.interfaces) {
    const network = networkId === null || addresses[id] !== undefined ? null : await findObject(tx, 'network', { _id: networkId });
    const [offset] = network ? await allocateAddresses(tx, network, cluster, [owner]) : [];
    if (offset !== undefined) addresses[id] = offset;
  }
  return { group: next._id, addresses };
}

async function moveAddress(tx: Tx, node: Node, { name, ip }: { name: string; ip: string }): Promise<Node['addresses']> {
  const group = await groupOf(tx, node);
  const iface = group.interfaces.find((one) => one.name === name);
  const network = iface?.network ? await findObject(tx, 'network', { _id: iface.network }) : null;
  if (!iface || !network) {
    const why = iface ? 'has no network' : 'does not exist';
    throw new LunaError('invalid', `node ${node.name}: interface ${name} of group ${group.name} ${why}`, `luna group show ${group.name}`);
  }
  const owner = ownerOf('node', node._id);
  const old = node.addresses[iface.id];
  const offset = await takeAddress(tx, network, await clusterWithin(tx), ip, owner);
  if (old !== undefined && old !== offset) await releaseAddresses(tx, [{ network: network._id, offset: old, owner }]);
  return { ...node.addresses, [iface.id]: offset };
}

/** A port is claimed when both switch and port are known. */
async function moveToPort(
  tx: Tx, node: Node, switchName: string | null | undefined, port: string | null | undefined,
): Promise<Pick<Node, 'switch' | 'port'>> {
  const owner = ownerOf('node', node._id);
  const switchId = typeof switchName === 'string' ? (await objectNamed(tx, 'switch', switchName))._id : switchName;
  const place = { switch: switchId === undefined ? node.switch : switchId, port: port === undefined ? node.port : port };
  if (node.switch !== null && node.port !== null) await deleteClaims(tx.store, tx.session, [{ _id: portClaim(node.switch, node.port), owner }]);
  if (place.switch !== null && place.port !== null) {
    const found = await findObject(tx, 'switch', { _id: place.switch });
    await take(tx, [{ id: portClaim(place.switch, place.port), what: `port ${place.port} of switch ${found?.name ?? place.switch}`, owner }]);
  }
  return place;
}

async function changeMac(tx: Tx, node: Node, mac: string | null, steal: boolean): Promise<void> {
  if (mac === null) return releaseMacs(tx, node);
  const binding = await bindMacWithin(tx, mac, node._id, { steal, only: true });
  if (binding.bound) return undefined;
  const other = await findObject(tx, 'node', { _id: binding.owner });
  throw new LunaError('taken', `${mac} is bound to node ${other?.name ?? binding.owner}`, `luna node change ${other?.name ?? 'NODE'} --mac ''`);
}

async function groupOf(tx: Tx, node: Node): Promise<Group> {
  const group = await findObject(tx, 'group', { _id: node.group });
  if (!group) throw new LunaError('not-found', `the group of node ${node.name} is gone`, `luna node change ${node.name} --group GROUP`);
  return group;
}
