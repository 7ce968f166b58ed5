import type { RogueServer } from '../../domain/rogue-server.ts';
import type { Store } from './connect.ts';

const rogues = (store: Store) => store.db.collection<RogueServer>('rogues');

/** Keeps a foreign DHCP server in place of what was kept of it. */
export async function keepRogue(store: Store, { _id, ...rogue }: RogueServer): Promise<void> {
  await rogues(store).replaceOne({ _id }, rogue, { upsert: true });
}

/** All that are kept; a few at most. */
export async function allRogues(store: Store): Promise<RogueServer[]> {
  return rogues(store).find({}).toArray();
}

/** Forgets one. */
export async function forgetRogue(store: Store, id: string): Promise<void> {
  await rogues(store).deleteOne({ _id: id });
}
