import type { Evidence } from '../../domain/evidence.ts';
import type { LunaStage } from '../../domain/stages.ts';
import type { Store } from './connect.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { someOf } from './some-of.ts';

/** Appends evidence, journalled. The same report twice is one record. */
export async function appendEvidence(store: Store, evidence: Evidence[]): Promise<void> {
  try {
    await store.db.collection<Evidence>('evidence').insertMany(evidence, { ordered: false });
  } catch (err) {
    if (!isDuplicateKey(err)) throw err;
  }
}

/** The evidence of one boot, or of some stages of it alone, oldest first. */
export async function evidenceOf(store: Store, bootId: string, stages?: readonly LunaStage[]): Promise<Evidence[]> {
  return store.db.collection<Evidence>('evidence').find(stages === undefined ? { bootId } : { bootId, stage: { $in: [...stages] } }).sort({ at: 1 }).toArray();
}

/** All evidence of some runs (a run may reattach to an earlier boot), oldest first. */
export async function evidenceOfRuns(store: Store, runIds: string[]): Promise<Evidence[]> {
  const found = await someOf(store.db.collection<Evidence>('evidence'), 'runId', runIds);
  return found.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}
