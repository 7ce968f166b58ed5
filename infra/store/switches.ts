import { addressAt, stored } from '../../domain/addresses.ts';
import { given } from '../../domain/given.ts';
import type { NewSwitch, SwitchChanges } from '../../domain/requests/switch.ts';
import { type Switch, switchSchema } from '../../domain/switch.ts';
import { releaseAddresses, takeAddress } from './addresses.ts';
import { changeObjects } from './change-objects.ts';
import { ownerOf } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { findObject, identity, insertObject, noteSecret, objectNamed, removeObject, replaceObject } from './objects.ts';
import { removeSecret, writeSecret } from './secrets.ts';

/** The read community when none is given (luna-1 §1.7). */
const PUBLIC = 'public';

/** Declares a switch at an address of a network. */
export function addSwitch(store: Store, { network: networkName, ip, read = PUBLIC, ...rest }: NewSwitch, by: string): Promise<Switch> {
  return changeObjects(store, by, async (tx) => {
    const network = await objectNamed(tx, 'network', networkName);
    const { _id, rev } = identity();
    const address = stored(network, await takeAddress(tx, network, await clusterWithin(tx), ip, ownerOf('switch', _id)));
    await writeSecret(tx.store, tx.session, 'switch', _id, read);
    const made = await insertObject(tx, 'switch', switchSchema.parse({ _id, rev, ...given(rest), network: network._id, address }));
    noteSecret(tx, 'switch', made, 'read');
    return made;
  });
}

/** Changes a switch. In another network it keeps its offset unless it is told an address. */
export function changeSwitch(store: Store, name: string, changes: SwitchChanges, by: string): Promise<Switch> {
  const { rev, network: networkName, ip, read, ...rest } = changes;
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'switch', name);
    const owner = ownerOf('switch', before._id);
    const network = networkName === undefined ? await findObject(tx, 'network', { _id: before.network }) : await objectNamed(tx, 'network', networkName);
    const place = { network: before.network, address: before.address };
    if (network && (networkName !== undefined || ip !== undefined)) {
      const wanted = ip ?? addressAt(network, before.address);
      place.network = network._id;
      place.address = stored(network, await takeAddress(tx, network, await clusterWithin(tx), wanted, owner));
      const stays = place.network === before.network && place.address === before.address;
      if (!stays) await releaseAddresses(tx, [{ network: before.network, offset: before.address, owner }]);
    }
    if (read !== undefined) await writeSecret(tx.store, tx.session, 'switch', before._id, read);
    const after = await replaceObject(tx, 'switch', before, { ...given(rest), ...place }, rev);
    if (read !== undefined) noteSecret(tx, 'switch', after, 'read');
    return after;
  });
}

/** Removes a switch; refused while nodes stand on it. */
export function removeSwitch(store: Store, name: string, by: string, seen?: number): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const found = await objectNamed(tx, 'switch', name);
    await refuseWhileUsed(tx, 'switch', found);
    await removeSecret(tx.store, tx.session, 'switch', found._id);
    await removeObject(tx, 'switch', found, seen);
  });
}
