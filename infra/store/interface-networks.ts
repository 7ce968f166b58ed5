import { LunaError } from '../../domain/errors.ts';
import type { Group, GroupInterface } from '../../domain/group.ts';
import { BMC } from '../../domain/node-network.ts';
import { type IpVersion, versionOf } from '../../domain/subnet.ts';
import { allocateAddresses, type HeldAddress, releaseAddresses } from './addresses.ts';
import type { Tx } from './change-objects.ts';
import { ownerOf } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import { setAddresses } from './node-documents.ts';
import { findObjects, objectNamed } from './objects.ts';

/** Puts an interface into a network: every node of the group gets the next free address, in the order of their names. */
export async function setNetwork(tx: Tx, group: Group, iface: GroupInterface, networkName: string): Promise<GroupInterface> {
  const network = await objectNamed(tx, 'network', networkName);
  const version = versionOf(network);
  const where = `interface ${iface.name} of group ${group.name}`;
  if ((version === 4 ? iface.network : iface.network6) !== null) {
    throw new LunaError('conflict', `${where} has an IPv${version} network already`, `luna group change ${group.name} --interface ${iface.name} --delnet`);
  }
  if (version === 6 && iface.name === BMC) throw new LunaError('invalid', `${where} is a management controller: it takes IPv4 networks only`, 'luna network list');
  const nodes = await findObjects(tx, 'node', { group: group._id });
  const offsets = await allocateAddresses(tx, network, await clusterWithin(tx), nodes.map(({ _id }) => ownerOf('node', _id)));
  await setAddresses(tx, nodes, ({ addresses, addresses6 }, i) => version === 4
    ? { addresses: { ...addresses, [iface.id]: Number(offsets[i]) } }
    : { addresses6: { ...addresses6, [iface.id]: String(offsets[i]) } });
  return version === 4 ? { ...iface, network: network._id } : { ...iface, network6: network._id };
}

/** Takes an interface out of its network of that family; its nodes give their addresses back. */
export async function dropNetwork(tx: Tx, group: Group, iface: GroupInterface, version: IpVersion): Promise<GroupInterface> {
  const network = version === 4 ? iface.network : iface.network6;
  if (network === null) return iface;
  const nodes = await findObjects(tx, 'node', { group: group._id });
  await releaseAddresses(tx, nodes.flatMap(({ _id, addresses, addresses6 }): HeldAddress[] => {
    const offset = version === 4 ? addresses[iface.id] : addresses6[iface.id];
    return offset === undefined ? [] : [{ network, offset, owner: ownerOf('node', _id) }];
  }));
  await setAddresses(tx, nodes, ({ addresses, addresses6 }) => version === 4 ? { addresses: without(addresses, iface.id) } : { addresses6: without(addresses6, iface.id) });
  return version === 4 ? { ...iface, network: null } : { ...iface, network6: null };
}

function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _dropped, ...rest } = record;
  return rest;
}
