import type { Boot } from '../../domain/provision.ts';
import type { Store } from './connect.ts';

const boots = (store: Store) => store.db.collection<Boot>('boots');

/** Stores a new boot identity. */
export async function insertBoot(store: Store, boot: Boot): Promise<void> {
  await boots(store).insertOne(boot);
}

/** The boot identity behind a nonce, or null. */
export async function bootByNonce(store: Store, nonce: string): Promise<Boot | null> {
  return boots(store).findOne({ _id: nonce });
}

/** The newest identity of a node that is not dead. */
export async function bootOfNode(store: Store, nodeId: string): Promise<Boot | null> {
  return boots(store).findOne({ nodeId, state: { $ne: 'dead' } }, { sort: { deadline: -1 } });
}

/** The identity that a run armed or took over. */
export async function bootOfRun(store: Store, runId: string): Promise<Boot | null> {
  return boots(store).findOne({ runId, state: { $ne: 'dead' } });
}

/** Changes fields of one identity. */
export async function changeBoot(store: Store, nonce: string, changes: Partial<Omit<Boot, '_id'>>): Promise<void> {
  await boots(store).updateOne({ _id: nonce }, { $set: changes });
}

/** Has boots of a run's identity count from a time on (ISO 8601), and offers the machine a boot path. */
export async function countBootsFrom(store: Store, runId: string, poweredAt: string, path: number): Promise<void> {
  await boots(store).updateOne({ runId, state: { $ne: 'dead' } }, { $set: { poweredAt, path } });
}

/** Moves an identity from one of several states to another, with what is known of its machine from then on; false when it was in none of them. */
export async function moveBoot(store: Store, nonce: string, from: Boot['state'][], to: Boot['state'], machine: Pick<Boot, 'ip' | 'link'> = {}): Promise<boolean> {
  const moved = await boots(store).updateOne({ _id: nonce, state: { $in: from } }, { $set: { ...machine, state: to } });
  return moved.matchedCount === 1;
}

/**
 * Puts a fresh identity in the place of one whose machine restarted. Of two that want to, as when a machine asks again
 * before it was answered, the first one does. Returns the identity that counts.
 */
export async function replaceBoot(store: Store, boot: Boot, fresh: Boot): Promise<Boot> {
  await insertBoot(store, fresh);
  if (await moveBoot(store, boot._id, ['armed', 'live', 'held', 'handedOver'], 'dead')) return fresh;
  await moveBoot(store, fresh._id, [fresh.state], 'dead');
  return await bootOfNode(store, boot.nodeId) ?? fresh;
}

/** Ends every identity of a node but one: a nonce dies with its run. */
export async function endBoots(store: Store, nodeId: string, keep: string | null): Promise<void> {
  const filter = keep === null ? { nodeId } : { nodeId, _id: { $ne: keep } };
  await boots(store).updateMany({ ...filter, state: { $ne: 'dead' } }, { $set: { state: 'dead' } });
}

/** Identities that services still honour. */
export async function openBoots(store: Store): Promise<Boot[]> {
  return boots(store).find({ state: { $ne: 'dead' } }).toArray();
}
