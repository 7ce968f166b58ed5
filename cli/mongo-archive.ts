import { LunaError } from '../domain/errors.ts';

/** What an archive of `mongodump --archive` begins with, low byte first. */
const MAGIC = 0x8199_e26d;
/** What ends a block, in place of a document's length. */
const END = -1;

/** Whether bytes are an archive of mongodump. */
export function isArchive(bytes: Buffer): boolean {
  return bytes.length > 4 && bytes.readUInt32LE(0) === MAGIC;
}

/**
 * The documents of an archive by collection: first a block that describes the dump, then blocks of documents, each headed
 * by the collection they belong to; blocks of several collections may alternate.
 */
export function archivedDocuments(bytes: Buffer, collectionOf: (head: Buffer) => unknown): Map<string, Buffer[]> {
  const found = new Map<string, Buffer[]>();
  const [, ...blocks] = blocksOf(bytes);
  for (const [head, ...documents] of blocks) {
    if (!head) continue;
    const collection = collectionOf(head);
    if (typeof collection !== 'string') throw new LunaError('invalid', 'the archive has a block of no collection', 'take the dump again');
    found.set(collection, [...found.get(collection) ?? [], ...documents]);
  }
  return found;
}

function blocksOf(bytes: Buffer): Buffer[][] {
  const blocks: Buffer[][] = [];
  let block: Buffer[] = [];
  for (let at = 4; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? bytes.readInt32LE(at) : 0;
    if (length === END) {
      blocks.push(block);
      block = [];
      at += 4;
      continue;
    }
    if (length < 5 || at + length > bytes.length) throw new LunaError('invalid', `the archive is broken at byte ${at}`, 'take the dump again');
    block.push(bytes.subarray(at, at + length));
    at += length;
  }
  return blocks;
}
