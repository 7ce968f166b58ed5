import { stored } from '../../domain/addresses.ts';
import { LunaError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { type Otherdev, otherdevSchema } from '../../domain/otherdev.ts';
import type { NewOtherdev, OtherdevChanges } from '../../domain/requests/otherdev.ts';
import { allocateAddresses, releaseAddresses, takeAddress } from './addresses.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import { ownerOf } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import type { Store } from './connect.ts';
import { identity, insertObject, objectNamed, removeObject, replaceObject } from './objects.ts';

type Connections = Pick<NewOtherdev, 'network' | 'ip' | 'addresses'>;

/** Declares a device with its addresses; where none is named it gets the next free one. */
export function addOtherdev(store: Store, { network, ip, addresses, ...rest }: NewOtherdev, by: string): Promise<Otherdev> {
  return changeObjects(store, by, async (tx) => {
    const device = otherdevSchema.parse({ ...identity(), ...given(rest) });
    return insertObject(tx, 'otherdev', await connect(tx, device, given({ network, ip, addresses })));
  });
}

/** Changes a device: its address in each network that is named is set, moved or, with null, given back. */
export function changeOtherdev(store: Store, name: string, changes: OtherdevChanges, by: string): Promise<Otherdev> {
  const { rev, network, ip, addresses, ...rest } = changes;
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'otherdev', name);
    const connected = await connect(tx, before, given({ network, ip, addresses }));
    return replaceObject(tx, 'otherdev', before, { ...given(rest), addresses: connected.addresses, addresses6: connected.addresses6 }, rev);
  });
}

/** Removes a device with its addresses. */
export function removeOtherdev(store: Store, name: string, by: string, seen?: number): Promise<void> {
  return changeObjects(store, by, async (tx) => removeObject(tx, 'otherdev', await objectNamed(tx, 'otherdev', name), seen));
}

async function connect(tx: Tx, device: Otherdev, { network, ip, addresses }: Connections): Promise<Otherdev> {
  if (network === undefined && ip !== undefined) throw new LunaError('invalid', `otherdev ${device.name}: an address needs its network`, 'luna network list');
  const wanted: [string, string | null | undefined][] = [...Object.entries(addresses ?? {}), ...(network === undefined ? [] : [[network, ip] as [string, typeof ip]])];
  let connected = device;
  for (const [name, address] of wanted) connected = await connectTo(tx, connected, name, address);
  return connected;
}

async function connectTo(tx: Tx, device: Otherdev, networkName: string, ip: string | null | undefined): Promise<Otherdev> {
  const network = await objectNamed(tx, 'network', networkName);
  const owner = ownerOf('otherdev', device._id);
  const { [network._id]: old, ...rest } = device.addresses;
  const { [network._id]: old6, ...rest6 } = device.addresses6;
  const held = old ?? old6;
  if (ip === undefined && held !== undefined) return device;
  const offset = ip === null ? null : await offsetFor();
  if (held !== undefined && (offset === null || BigInt(held) !== offset)) await releaseAddresses(tx, [{ network: network._id, offset: held, owner }]);
  if (offset === null) return { ...device, addresses: rest, addresses6: rest6 };
  const at = stored(network, offset);
  return typeof at === 'number' ? { ...device, addresses: { ...rest, [network._id]: at } } : { ...device, addresses6: { ...rest6, [network._id]: at } };

  async function offsetFor(): Promise<bigint> {
    const cluster = await clusterWithin(tx);
    if (typeof ip === 'string') return takeAddress(tx, network, cluster, ip, owner);
    const [next = 0n] = await allocateAddresses(tx, network, cluster, [owner]);
    return next;
  }
}
