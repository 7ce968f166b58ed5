import type { SwarmRecord } from '../../domain/swarm.ts';
import type { Store } from './connect.ts';

const swarms = (store: Store) => store.db.collection<SwarmRecord>('swarms');

/** So many waves of all images are kept. */
const KEPT = 2000;

/** Keeps a wave in place of what was kept of it while it went on; the oldest of too many are forgotten. */
export async function keepSwarm(store: Store, { _id, ...record }: SwarmRecord): Promise<void> {
  await swarms(store).replaceOne({ _id }, record, { upsert: true });
  if (record.endedAt === null) return;
  const [oldest] = await swarms(store).find({}).sort({ startedAt: -1 }).skip(KEPT).limit(1).toArray();
  if (oldest !== undefined) await swarms(store).deleteMany({ startedAt: { $lte: oldest.startedAt } });
}

/** The newest waves of an image, newest first; that which goes on among them. */
export async function swarmsOf(store: Store, osimageId: string, limit: number): Promise<SwarmRecord[]> {
  const found = await swarms(store).find({ osimageId }).sort({ startedAt: -1 }).limit(limit).toArray();
  // Waves of before the initramfs was in two parts say nothing of it.
  return found.map((one) => ({ ...one, part: (one as Partial<SwarmRecord>).part ?? 'tree' }));
}

/** Ends what a tracker that is gone left open. */
export async function endInterruptedSwarms(store: Store, at: string): Promise<void> {
  await swarms(store).updateMany({ endedAt: null }, { $set: { endedAt: at, interrupted: true } });
}
