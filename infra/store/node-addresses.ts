import { namedInterface } from '../../domain/interface-rules.ts';
import { stored } from '../../domain/addresses.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Group } from '../../domain/group.ts';
import type { Node } from '../../domain/node.ts';
import { keptAddresses } from '../../domain/regroup.ts';
import { parseIp } from '../../domain/subnet.ts';
import { allocateAddresses, type HeldAddress, releaseAddresses, takeAddress } from './addresses.ts';
import type { Tx } from './change-objects.ts';
import { ownerOf } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import { findObject, objectNamed } from './objects.ts';

/** Where a node belongs and what its addresses are. */
export type Addressed = Pick<Node, 'group' | 'addresses' | 'addresses6'>;

/** Moves a node to another group: addresses stay where the network does (luna-1 §2.9), the others are given back and allocated. */
export async function moveToGroup(tx: Tx, node: Node, name: string): Promise<Addressed> {
  const next = await objectNamed(tx, 'group', name);
  const from = await groupOf(tx, node);
  const addresses = keptAddresses(from.interfaces, next.interfaces, node.addresses, 'network');
  const addresses6 = keptAddresses(from.interfaces, next.interfaces, node.addresses6, 'network6');
  const keeps = new Set(heldBy({ ...node, addresses, addresses6 }, next).map(placeOf));
  await releaseAddresses(tx, heldBy(node, from).filter((held) => !keeps.has(placeOf(held))));
  const cluster = await clusterWithin(tx);
  const allocated = async (networkId: string | null): Promise<bigint | undefined> => {
    const network = networkId === null ? null : await findObject(tx, 'network', { _id: networkId });
    return network ? (await allocateAddresses(tx, network, cluster, [ownerOf('node', node._id)]))[0] : undefined;
  };
  for (const { id, network, network6 } of next.interfaces) {
    const offset = addresses[id] === undefined ? await allocated(network) : undefined;
    if (offset !== undefined) addresses[id] = Number(offset);
    const offset6 = addresses6[id] === undefined ? await allocated(network6) : undefined;
    if (offset6 !== undefined) addresses6[id] = String(offset6);
  }
  return { group: next._id, addresses, addresses6 };
}

/** Gives an interface of a node another address, in its network of the same family. */
export async function moveAddress(tx: Tx, node: Node, { name, ip }: { name: string; ip: string }): Promise<Node> {
  const group = await groupOf(tx, node);
  const iface = namedInterface(group.interfaces, name);
  const { version } = parseIp(ip);
  const networkId = version === 4 ? iface?.network : iface?.network6;
  const network = networkId ? await findObject(tx, 'network', { _id: networkId }) : null;
  if (!iface || !network) {
    const why = iface ? `has no IPv${version} network` : 'does not exist';
    throw new LunaError('invalid', `node ${node.name}: interface ${name} of group ${group.name} ${why}`, `luna group show ${group.name}`);
  }
  const owner = ownerOf('node', node._id);
  const old = version === 4 ? node.addresses[iface.id] : node.addresses6[iface.id];
  const offset = await takeAddress(tx, network, await clusterWithin(tx), ip, owner);
  const held = version === 4 ? node.addresses : node.addresses6;
  // What a node has already it may take again, so its own interfaces are to be told apart here.
  const twin = group.interfaces.find((one) => one.id !== iface.id && (version === 4 ? one.network : one.network6) === network._id && String(held[one.id]) === String(offset));
  if (twin) throw new LunaError('taken', `${ip} is taken by node ${node.name} (its interface ${twin.name})`, `luna node show ${node.name}`);
  if (old !== undefined && BigInt(old) !== offset) await releaseAddresses(tx, [{ network: network._id, offset: old, owner }]);
  const at = stored(network, offset);
  return typeof at === 'number' ? { ...node, addresses: { ...node.addresses, [iface.id]: at } } : { ...node, addresses6: { ...node.addresses6, [iface.id]: at } };
}

/** Every address that a node has by its group's interfaces. */
function heldBy({ _id, addresses, addresses6 }: Node, { interfaces }: Group): HeldAddress[] {
  const owner = ownerOf('node', _id);
  return interfaces.flatMap(({ id, network, network6 }) => [
    ...(network !== null && addresses[id] !== undefined ? [{ network, offset: addresses[id], owner }] : []),
    ...(network6 !== null && addresses6[id] !== undefined ? [{ network: network6, offset: addresses6[id], owner }] : []),
  ]);
}

function placeOf({ network, offset }: HeldAddress): string {
  return `${network}/${offset}`;
}

async function groupOf(tx: Tx, node: Node): Promise<Group> {
  const group = await findObject(tx, 'group', { _id: node.group });
  if (!group) throw new LunaError('not-found', `the group of node ${node.name} is gone`, `luna node change ${node.name} --group GROUP`);
  return group;
}
