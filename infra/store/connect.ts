import { type Db, MongoClient } from 'mongodb';
import { LunaError } from '../../domain/errors.ts';
import type { Log } from '../log.ts';
import { ensureIndexes } from './indexes.ts';
import type { Trial } from './change-objects.ts';
import { createQueue, type Queue } from './queue.ts';
import { lockedBox, type SecretBox } from './secret-box.ts';
import type { SiteMemory } from './site-memory.ts';
import { upgradeObjects } from './upgrade.ts';

/** One process's connection to the documents. */
export interface Store {
  readonly client: MongoClient;
  readonly db: Db;
  /** This process's changes, of each sort one after the other. */
  readonly queues: Readonly<Record<'objects' | 'macs', Queue>>;
  /** Opens and seals secrets; locked in processes that have no business with them. */
  readonly secrets: SecretBox;
  /** The site, once it is watched. */
  readonly memory: SiteMemory;
  /** With it nothing is changed: what would be is told. */
  readonly trial?: Trial;
  close(): Promise<void>;
}

/** How long an operation waits for a database that is away before it fails. */
const SELECTION_MS = 10_000;
/** How long an answer may take once it was asked for. */
const ANSWER_MS = 60_000;
/** Connections of one process. Each is a thread of the embedded database, and a crowd of them only gets in its own way. */
const CONNECTIONS = 16;

/**
 * Connects and makes what is missing of collections and indexes. Every write is acknowledged by a majority and journalled:
 * without the journal the embedded database loses acknowledged writes when it is killed.
 * Throws LunaError `unavailable` when the database can't be reached within 10 s.
 */
export async function openStore(uri: string, options: { log: Log; database?: string; secrets?: SecretBox }): Promise<Store> {
  const client = new MongoClient(uri, {
    appName: 'luna',
    writeConcern: { w: 'majority', journal: true },
    retryWrites: true,
    maxPoolSize: CONNECTIONS,
    serverSelectionTimeoutMS: SELECTION_MS,
    connectTimeoutMS: SELECTION_MS,
    socketTimeoutMS: ANSWER_MS,
  });
  const db = client.db(options.database ?? 'luna');
  try {
    await client.connect();
    await ensureIndexes(db);
    await upgradeObjects(db);
  } catch (error) {
    await client.close().catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new LunaError('unavailable', `the document database does not answer: ${reason}`, 'luna status');
  }
  options.log.info('store.connected', { database: db.databaseName, hosts: client.options.hosts.map(String) });
  return { client, db, queues: { objects: createQueue(), macs: createQueue() }, secrets: options.secrets ?? lockedBox, memory: { known: null }, close: () => client.close() };
}
