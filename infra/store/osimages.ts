import { LunaError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { type Osimage, osimageSchema } from '../../domain/osimage.ts';
import type { NewOsimage, OsimageChanges } from '../../domain/requests/osimage.ts';
import { plainPath } from '../../domain/tree-path.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { findObjects, identity, insertObject, objectNamed, removeObject, replaceObject } from './objects.ts';

/** Declares an image; a tree belongs to one image. */
export function addOsimage(store: Store, wanted: NewOsimage, by: string): Promise<Osimage> {
  return changeObjects(store, by, async (tx) => {
    await refuseSharedPath(tx, wanted.path);
    return insertObject(tx, 'osimage', osimageSchema.parse({ ...identity(), ...given(wanted) }));
  });
}

/** Changes an image. What is packed stays as it is until the next pack. */
export function changeOsimage(store: Store, name: string, { rev, ...changes }: OsimageChanges, by: string): Promise<Osimage> {
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'osimage', name);
    if (changes.path !== undefined) await refuseSharedPath(tx, changes.path, before._id);
    return replaceObject(tx, 'osimage', before, given(changes), rev);
  });
}

/** Removes an image; refused while a group uses it. Its tree stays where it is, its last packed versions for a week. */
export function removeOsimage(store: Store, name: string, by: string, seen?: number): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const osimage = await objectNamed(tx, 'osimage', name);
    await refuseWhileUsed(tx, 'osimage', osimage);
    await removeObject(tx, 'osimage', osimage, seen);
  });
}

/** Those that an older luna stored may have their paths with slashes more. */
async function refuseSharedPath(tx: Tx, path: string, own?: string): Promise<void> {
  const other = (await findObjects(tx, 'osimage')).find((one) => one._id !== own && plainPath(one.path) === plainPath(path));
  if (other) throw new LunaError('taken', `${path} is the tree of osimage ${other.name}`, `luna osimage show ${other.name}`);
}
