import { randomUUID } from 'node:crypto';
import type { Group } from '../../domain/group.ts';
import { changeObjects } from './change-objects.ts';
import type { Store } from './connect.ts';
import { identity, insertObject, objectNamed } from './objects.ts';

/** Makes a group like another: image, bmcsetup, scripts, interfaces with their networks and settings; not its nodes. */
export function cloneGroup(store: Store, name: string, to: string, by: string): Promise<Group> {
  return changeObjects(store, by, async (tx) => {
    const group = await objectNamed(tx, 'group', name);
    const ids = new Map(group.interfaces.map(({ id }) => [id, randomUUID()]));
    const fresh = (id: string): string => ids.get(id) ?? id;
    return insertObject(tx, 'group', {
      ...group,
      ...identity(),
      name: to,
      interfaces: group.interfaces.map((one) => ({ ...one, id: fresh(one.id) })),
      torrent_if: group.torrent_if === null ? null : fresh(group.torrent_if),
    });
  });
}
