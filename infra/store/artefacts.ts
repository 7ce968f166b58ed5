import { REMOVED } from '../../domain/change.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Artefact } from '../../domain/osimage.ts';
import { changeObjects } from './change-objects.ts';
import type { Store } from './connect.ts';
import { findObject, replaceObject } from './objects.ts';

const artefacts = (store: Store) => store.db.collection<Artefact>('artefacts');

/**
 * Puts a packed version in use: the artefact and its image's one pointer, both or neither. Publishing the same artefact
 * again changes nothing. Throws LunaError `not-found` when the image was removed meanwhile.
 */
export async function publishArtefact(store: Store, artefact: Artefact, by: string): Promise<void> {
  await changeObjects(store, by, async (tx) => {
    const osimage = await findObject(tx, 'osimage', { _id: artefact.osimage });
    if (!osimage) throw new LunaError('not-found', `osimage ${artefact.osimageName} was removed while it was packed`, 'luna osimage list');
    if (osimage.current === artefact._id) return;
    await artefacts(store).replaceOne({ _id: artefact._id }, artefact, { upsert: true, session: tx.session });
    tx.changes.push({ kind: 'artefact', id: artefact._id, name: osimage.name, rev: 0, diff: { packedAt: [null, artefact.packedAt] } });
    await replaceObject(tx, 'osimage', osimage, { current: artefact._id });
  });
}

/** All packed versions. */
export async function allArtefacts(store: Store): Promise<Artefact[]> {
  return artefacts(store).find({}).toArray();
}

/** Forgets a packed version that nobody uses; refused (false) while an image points at it. */
export async function removeArtefact(store: Store, id: string, by: string): Promise<boolean> {
  return changeObjects(store, by, async (tx) => {
    if (await findObject(tx, 'osimage', { current: id })) return false;
    const removed = await artefacts(store).findOneAndDelete({ _id: id }, { session: tx.session });
    if (removed) tx.changes.push({ kind: 'artefact', id, name: removed.osimageName, rev: REMOVED, diff: { packedAt: [removed.packedAt, null] } });
    return removed !== null;
  });
}
