import { LunaError } from '../../domain/errors.ts';
import { changeObjects } from './change-objects.ts';
import type { Store } from './connect.ts';
import { findObjects, objectNamed, removeObject } from './objects.ts';
import { openRuns } from './runs.ts';
import { removeSecret } from './secrets.ts';

/** Dependants before what they depend on. */
const KINDS = ['node', 'group', 'otherdev', 'switch', 'bmcsetup', 'osimage', 'network'] as const;

/**
 * Removes the cluster object and everything that is declared, in one change. Trees and the history stay, packed
 * images for a week.
 * Throws LunaError `conflict` while a node is being provisioned.
 */
export function removeSite(store: Store, by: string, seen?: number): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const cluster = await objectNamed(tx, 'cluster', 'general');
    const [run] = await openRuns(store);
    if (run) throw new LunaError('conflict', `node ${run.nodeName} is being provisioned (${run.stage}): the cluster can't be deleted now`, `luna provision cancel ${run.nodeName}`);
    for (const kind of KINDS) {
      for (const object of await findObjects(tx, kind)) {
        if (kind === 'switch' || kind === 'bmcsetup') await removeSecret(tx.store, tx.session, kind, object._id);
        await removeObject(tx, kind, object);
      }
    }
    await removeObject(tx, 'cluster', cluster, seen);
  });
}
