import { type Bmcsetup, bmcsetupSchema } from '../../domain/bmcsetup.ts';
import type { BmcsetupChanges, NewBmcsetup } from '../../domain/requests/bmcsetup.ts';
import { changeObjects } from './change-objects.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { given } from './given.ts';
import { identity, insertObject, objectNamed, removeObject, replaceObject } from './objects.ts';
import { removeSecret, writeSecret } from './secrets.ts';

/** Luna 1's password when none is given. */
const DEFAULT_PASSWORD = 'ladmin';

/** Declares a way to reach BMCs; its password is kept apart. */
export function addBmcsetup(store: Store, { password = DEFAULT_PASSWORD, ...wanted }: NewBmcsetup, by: string): Promise<Bmcsetup> {
  return changeObjects(store, by, async (tx) => {
    const bmcsetup = await insertObject(tx, 'bmcsetup', bmcsetupSchema.parse({ ...identity(), ...given(wanted) }));
    await writeSecret(tx.store, tx.session, 'bmcsetup', bmcsetup._id, password);
    return bmcsetup;
  });
}

/** Changes it; the history of a changed password says that it changed, not what it is. */
export function changeBmcsetup(store: Store, name: string, { rev, password, ...changes }: BmcsetupChanges, by: string): Promise<Bmcsetup> {
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'bmcsetup', name);
    if (password !== undefined) await writeSecret(tx.store, tx.session, 'bmcsetup', before._id, password);
    return replaceObject(tx, 'bmcsetup', before, given(changes), rev);
  });
}

/** Removes it with its password; refused while a group uses it. */
export function removeBmcsetup(store: Store, name: string, by: string): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const bmcsetup = await objectNamed(tx, 'bmcsetup', name);
    await refuseWhileUsed(tx, 'bmcsetup', bmcsetup);
    await removeSecret(tx.store, tx.session, 'bmcsetup', bmcsetup._id);
    await removeObject(tx, 'bmcsetup', bmcsetup);
  });
}
