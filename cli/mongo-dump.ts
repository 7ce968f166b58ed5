import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LunaError } from '../domain/errors.ts';
import { readBson } from './bson.ts';
import { archivedDocuments, isArchive } from './mongo-archive.ts';

/** The documents of each collection. */
type Dump = Record<string, Record<string, unknown>[]>;

const HOW = 'mongodump --db luna --out DUMP';

/** The documents of each collection of a mongodump, as MongoDB's extended JSON. `path` may be the folder of the dump, that of the database in it, or an archive. */
export function readDump(path: string): Dump {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new LunaError('invalid', `${path} does not exist`, HOW);
  if (!found.isDirectory()) {
    const bytes = unpacked(path);
    if (!isArchive(bytes)) throw new LunaError('invalid', `${path} is neither a folder nor an archive of mongodump`, HOW);
    const collections = archivedDocuments(bytes, (head) => readBson(head)['collection']);
    return Object.fromEntries([...collections].map(([name, documents]) => [name, documents.map(readBson)]));
  }
  const files = bsonFiles(path);
  if (files.length === 0) throw new LunaError('invalid', `${path} holds no collection of a mongodump (*.bson or *.bson.gz)`, HOW);
  return Object.fromEntries(files.map((file) => [basename(file).replace(/\.bson(\.gz)?$/, ''), documents(unpacked(file), file).map(readBson)]));
}

/** The bytes of a file, decompressed when they are gzip's. */
function unpacked(file: string): Buffer {
  const stored = readFileSync(file);
  return stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored;
}

/** Files of collections below a path: in it, or in the one folder of it that has some. */
function bsonFiles(path: string): string[] {
  const here = (folder: string): string[] => readdirSync(folder).filter((name) => /\.bson(\.gz)?$/.test(name) && !name.startsWith('system.')).sort().map((name) => join(folder, name));
  const own = here(path);
  if (own.length > 0) return own;
  const below = readdirSync(path).filter((name) => statSync(join(path, name)).isDirectory() && !['admin', 'config', 'local'].includes(name));
  return below.sort((a, b) => Number(b === 'luna') - Number(a === 'luna')).map((name) => here(join(path, name))).find((found) => found.length > 0) ?? [];
}

/** A dump's file is documents one behind the other, each beginning with its length in 4 bytes, low byte first. */
function documents(bytes: Buffer, file: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? bytes.readInt32LE(at) : 0;
    if (length < 5 || at + length > bytes.length) throw new LunaError('invalid', `${file} is broken at byte ${at}`, 'take the dump again');
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}
