import { randomUUID } from 'node:crypto';
import { LunaError } from '../../domain/errors.ts';
import type { Group, GroupInterface } from '../../domain/group.ts';
import type { InterfaceOperation } from '../../domain/requests/group.ts';
import { allocateAddresses, releaseAddresses } from './addresses.ts';
import type { Tx } from './change-objects.ts';
import { ownerOf } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import { findObjects, objectNamed } from './objects.ts';
import { setAddresses } from './node-documents.ts';

/** Carries out one operation on a group's interface, with the addresses of all its nodes; returns the interfaces as they are then. */
export async function applyInterfaceOperation(tx: Tx, group: Group, operation: InterfaceOperation): Promise<GroupInterface[]> {
  if (operation.op === 'add') {
    refuseName(group, operation.name);
    const added: GroupInterface = { id: randomUUID(), name: operation.name, network: null, params: operation.params ?? '' };
    const placed = operation.network === undefined ? added : await setNetwork(tx, group, added, operation.network);
    return [...group.interfaces, placed];
  }
  const iface = interfaceNamed(group, operation.name);
  const replaced = (by: GroupInterface): GroupInterface[] => group.interfaces.map((one) => one.id === iface.id ? by : one);
  switch (operation.op) {
    case 'delete':
      await removeNetwork(tx, group, iface);
      return group.interfaces.filter((one) => one.id !== iface.id);
    case 'setnet':
      return replaced(await setNetwork(tx, group, iface, operation.network));
    case 'delnet':
      await refuseOtherNetwork(tx, group, iface, operation.network);
      return replaced(await removeNetwork(tx, group, iface));
    case 'rename':
      refuseName(group, operation.newname);
      return replaced({ ...iface, name: operation.newname });
    case 'params':
      return replaced({ ...iface, params: operation.params });
  }
}

function interfaceNamed(group: Group, name: string): GroupInterface {
  const found = group.interfaces.find((one) => one.name === name);
  if (found) return found;
  const known = group.interfaces.map((one) => one.name).join(', ') || 'none';
  throw new LunaError('not-found', `group ${group.name} has no interface ${name}; it has ${known}`, `luna group change ${group.name} --interface ${name} --add`);
}

function refuseName(group: Group, name: string): void {
  if (group.interfaces.some((one) => one.name === name)) {
    throw new LunaError('taken', `group ${group.name} has an interface ${name} already`, `luna group show ${group.name}`);
  }
}

/** Every node of the group gets the next free address, in the order of their names. */
async function setNetwork(tx: Tx, group: Group, iface: GroupInterface, networkName: string): Promise<GroupInterface> {
  if (iface.network !== null) {
    throw new LunaError('conflict', `interface ${iface.name} of group ${group.name} has a network already`,
      `luna group change ${group.name} --interface ${iface.name} --delnet`);
  }
  const network = await objectNamed(tx, 'network', networkName);
  const nodes = await findObjects(tx, 'node', { group: group._id });
  const offsets = await allocateAddresses(tx, network, await clusterWithin(tx), nodes.map(({ _id }) => ownerOf('node', _id)));
  await setAddresses(tx, nodes, (node, i) => ({ ...node.addresses, [iface.id]: offsets[i] ?? 0 }));
  return { ...iface, network: network._id };
}

async function removeNetwork(tx: Tx, group: Group, iface: GroupInterface): Promise<GroupInterface> {
  const { network } = iface;
  if (network === null) return iface;
  const nodes = await findObjects(tx, 'node', { group: group._id });
  await releaseAddresses(tx, nodes.flatMap(({ _id, addresses: { [iface.id]: offset } }) =>
    offset === undefined ? [] : [{ network, offset, owner: ownerOf('node', _id) }]));
  await setAddresses(tx, nodes, ({ addresses: { [iface.id]: _released, ...kept } }) => kept);
  return { ...iface, network: null };
}

async function refuseOtherNetwork(tx: Tx, group: Group, iface: GroupInterface, name: string | undefined): Promise<void> {
  if (iface.network === null) throw new LunaError('conflict', `interface ${iface.name} of group ${group.name} has no network`, `luna group show ${group.name}`);
  if (name !== undefined && (await objectNamed(tx, 'network', name))._id !== iface.network) {
    throw new LunaError('invalid', `interface ${iface.name} of group ${group.name} is not in network ${name}`, `luna group show ${group.name}`);
  }
}
