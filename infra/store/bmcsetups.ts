import { type Bmcsetup, bmcsetupSchema } from '../../domain/bmcsetup.ts';
import { given } from '../../domain/given.ts';
import type { BmcsetupChanges, NewBmcsetup } from '../../domain/requests/bmcsetup.ts';
import { changeObjects } from './change-objects.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { identity, insertObject, noteSecret, objectNamed, removeObject, replaceObject } from './objects.ts';
import { removeSecret, writeSecret } from './secrets.ts';

/** Luna 1's password when none is given. */
const DEFAULT_PASSWORD = 'ladmin';

/** Declares a way to reach BMCs; its password is kept apart. */
export function addBmcsetup(store: Store, { password = DEFAULT_PASSWORD, ...wanted }: NewBmcsetup, by: string): Promise<Bmcsetup> {
  return changeObjects(store, by, async (tx) => {
    const bmcsetup = await insertObject(tx, 'bmcsetup', bmcsetupSchema.parse({ ...identity(), ...given(wanted) }));
    await writeSecret(tx.store, tx.session, 'bmcsetup', bmcsetup._id, password);
    noteSecret(tx, 'bmcsetup', bmcsetup, 'password');
    return bmcsetup;
  });
}

/** Changes it; the history of a changed password says that it changed, not what it is. */
export function changeBmcsetup(store: Store, name: string, { rev, password, ...changes }: BmcsetupChanges, by: string): Promise<Bmcsetup> {
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'bmcsetup', name);
    if (password !== undefined) await writeSecret(tx.store, tx.session, 'bmcsetup', before._id, password);
    const after = await replaceObject(tx, 'bmcsetup', before, given(changes), rev);
    if (password !== undefined) noteSecret(tx, 'bmcsetup', after, 'password');
    return after;
  });
}

/** Removes it with its password; refused while a group uses it. */
export function removeBmcsetup(store: Store, name: string, by: string, seen?: number): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const bmcsetup = await objectNamed(tx, 'bmcsetup', name);
    await refuseWhileUsed(tx, 'bmcsetup', bmcsetup);
    await removeSecret(tx.store, tx.session, 'bmcsetup', bmcsetup._id);
    await removeObject(tx, 'bmcsetup', bmcsetup, seen);
  });
}
