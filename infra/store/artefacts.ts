import { REMOVED } from '../../domain/change.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Artefact, Osimage } from '../../domain/osimage.ts';
import { recordChanges } from './changes.ts';
import type { Store } from './connect.ts';
import { inTransaction } from './transaction.ts';

const artefacts = (store: Store) => store.db.collection<Artefact>('artefacts');

/**
 * Puts a packed version in use: the artefact and its image's one pointer, both or neither. Publishing the same artefact
 * again changes nothing. Throws LunaError `not-found` when the image was removed meanwhile.
 */
export async function publishArtefact(store: Store, artefact: Artefact, by: string): Promise<void> {
  await inTransaction(store, async (session) => {
    const osimages = store.db.collection<Osimage>('osimages');
    const osimage = await osimages.findOne({ _id: artefact.osimage }, { session });
    if (!osimage) throw new LunaError('not-found', `osimage ${artefact.osimageName} was removed while it was packed`, 'luna osimage list');
    if (osimage.current === artefact._id) return;
    await artefacts(store).replaceOne({ _id: artefact._id }, artefact, { upsert: true, session });
    await osimages.updateOne({ _id: osimage._id, rev: osimage.rev }, { $set: { current: artefact._id }, $inc: { rev: 1 } }, { session });
    await recordChanges(store, session, [
      { kind: 'artefact', id: artefact._id, name: osimage.name, rev: 0, by },
      { kind: 'osimage', id: osimage._id, name: osimage.name, rev: osimage.rev + 1, by },
    ]);
  });
}

/** A packed version, or null. */
export async function artefactById(store: Store, id: string): Promise<Artefact | null> {
  return artefacts(store).findOne({ _id: id });
}

/** All packed versions. */
export async function allArtefacts(store: Store): Promise<Artefact[]> {
  return artefacts(store).find({}).toArray();
}

/** Forgets a packed version that nobody uses; refused (false) while an image points at it. */
export async function removeArtefact(store: Store, id: string, by: string): Promise<boolean> {
  return inTransaction(store, async (session) => {
    const user = await store.db.collection<Osimage>('osimages').findOne({ current: id }, { session });
    if (user) return false;
    const removed = await artefacts(store).findOneAndDelete({ _id: id }, { session });
    if (removed) await recordChanges(store, session, [{ kind: 'artefact', id, name: removed.osimageName, rev: REMOVED, by }]);
    return removed !== null;
  });
}
