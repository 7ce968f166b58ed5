import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Config } from '../config.ts';
import { projectRoot } from '../root.ts';
import { findEngine, onPath } from './executables.ts';
import type { Launch, Part } from './part.ts';

/** The error code of a `mongod` that was started with a replica set's name and hasn't been told that it is the set. */
const notYetInitialized = 94;
const replicaSet = 'luna';
/** What is amended in SecantusDB before it starts; the file there says why. */
const secantusCure = join(projectRoot, 'infra', 'engine', 'secantus');

/**
 * The document database: the site's own when the configuration has one, else a `mongod` on PATH as a replica set of
 * one member, else SecantusDB. The two keep their files apart, and whichever has written first stays: a `mongod`
 * installed later doesn't make the data of an instance disappear.
 */
export function documentsPart(config: Config): Part {
  const { uri, external } = config.mongo;
  const check = (signal: AbortSignal) => checkDocuments(uri, !external, signal);
  const { host, port } = hostOf(uri);
  const address = `tcp://${host}:${port}`;
  if (external) return { name: 'documents', tier: 'engine', claims: [], addresses: [address], note: 'external', check };
  const launch = chooseEngine(config, host, port);
  return {
    name: 'documents',
    tier: 'engine',
    launch,
    claims: [{ protocol: 'tcp', address: host, port, variable: 'LUNA_MONGODB_PORT' }],
    addresses: [address],
    note: launch.command,
    check,
  };
}

function chooseEngine(config: Config, host: string, port: number): Launch {
  const mongod = onPath('mongod', config.searchPath);
  const mongodFiles = join(config.dataDir, 'documents', 'mongod');
  const secantusFiles = join(config.dataDir, 'documents', 'secantus');
  if (mongod && !existsSync(secantusFiles)) {
    mkdirSync(mongodFiles, { recursive: true, mode: 0o700 });
    return { command: mongod, args: ['--dbpath', mongodFiles, '--bind_ip', host, '--port', String(port), '--replSet', replicaSet] };
  }
  mkdirSync(secantusFiles, { recursive: true, mode: 0o700 });
  const settings = join(config.dataDir, 'documents', 'secantusd.toml');
  // Without a named file it would take settings from wherever it finds some, its working folder first.
  if (!existsSync(settings)) writeFileSync(settings, '');
  const server = findEngine('secantusd-py', config.cacheDir, config.searchPath);
  return {
    command: server.path,
    args: ['--config', settings, '--host', host, '--port', String(port), '--storage-path', secantusFiles, '--cache-size', '128M', '--log-level', 'WARNING'],
    env: { ...server.env, PYTHONPATH: [secantusCure, server.env.PYTHONPATH].filter((folder) => folder !== undefined).join(delimiter), PYTHONDONTWRITEBYTECODE: '1' },
  };
}

/** Resolves when the database answers as a primary that takes writes. */
async function checkDocuments(uri: string, ours: boolean, signal: AbortSignal): Promise<void> {
  const { MongoClient, MongoServerError } = await import('mongodb');
  signal.throwIfAborted();
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: ours ? 1000 : 10_000, connectTimeoutMS: 5000 });
  try {
    const admin = client.db('admin');
    if (ours) {
      await admin.command({ replSetGetStatus: 1 }).catch(async (error: unknown) => {
        if (!(error instanceof MongoServerError) || error.code !== notYetInitialized) return;
        const { host, port } = hostOf(uri);
        await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host: `${host}:${port}` }] } });
      });
    }
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary !== true) throw new Error('it is not a primary (yet), so it takes no writes');
  } finally {
    await client.close();
  }
}

/** The first host of a connection string; what stands before `@` is a secret and never shown. */
function hostOf(uri: string): { host: string; port: number } {
  const first = uri.replace(/^mongodb(\+srv)?:\/\//, '').replace(/^[^@/]*@/, '').split(/[/?,]/)[0] ?? '';
  const [host = 'localhost', port = '27017'] = first.split(':');
  return { host, port: Number(port) };
}
