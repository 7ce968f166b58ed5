import type { Db } from 'mongodb';

/** Collections that are made at start: a transaction must not be the one that makes them. */
const COLLECTIONS = [
  'clusters', 'networks', 'switches', 'otherdevs', 'osimages', 'bmcsetups', 'groups', 'nodes', 'claims', 'secrets', 'artefacts', 'changes', 'versions', 'plans',
  'batches', 'formats', 'tokens', 'audit',
  'leases', 'zoneserials', 'sightings', 'evidence', 'boots', 'orders', 'progress', 'runs', 'trace', 'rogues', 'swarms',
] as const;

/** What is looked for other than by `_id`. Uniqueness is never an index's work here: it is a claim's. */
const INDEXES: readonly [collection: (typeof COLLECTIONS)[number], keys: Record<string, 1 | -1>][] = [
  ['claims', { owner: 1 }],
  ['claims', { of: 1 }],
  ['networks', { name: 1 }],
  ['switches', { name: 1 }],
  ['otherdevs', { name: 1 }],
  ['osimages', { name: 1 }],
  ['bmcsetups', { name: 1 }],
  ['groups', { name: 1 }],
  ['nodes', { name: 1 }],
  ['artefacts', { osimage: 1 }],
  ['changes', { version: 1 }],
  ['changes', { tx: 1 }],
  ['changes', { id: 1 }],
  ['changes', { name: 1 }],
  ['changes', { by: 1, _id: 1 }],
  ['changes', { kind: 1, _id: 1 }],
  ['batches', { tx: 1 }],
  ['tokens', { hash: 1 }],
  ['evidence', { bootId: 1 }],
  ['evidence', { runId: 1 }],
  ['boots', { nodeId: 1 }],
  ['boots', { runId: 1 }],
  ['runs', { nodeId: 1, startedAt: -1 }],
  ['runs', { status: 1 }],
  ['runs', { startedAt: -1 }],
  ['trace', { who: 1, noted: 1 }],
  ['trace', { noted: 1 }],
  ['swarms', { osimageId: 1, startedAt: -1 }],
  ['swarms', { startedAt: -1 }],
];

/** Makes the collections and indexes that are missing; safe to call by several processes at once. */
export async function ensureIndexes(db: Db): Promise<void> {
  const there = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  for (const name of COLLECTIONS) {
    if (!there.has(name)) await db.createCollection(name).catch(ignoreExisting);
  }
  for (const [collection, keys] of INDEXES) await db.collection(collection).createIndex(keys);
}

/** MongoDB's NamespaceExists: another process made it first. */
function ignoreExisting(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 48) throw error;
}
