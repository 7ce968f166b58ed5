import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MongoClient } from 'mongodb';
import { openStore } from '../../infra/store/connect.ts';
import { isDuplicateKey } from '../../infra/store/duplicate-key.ts';
import { inTransaction } from '../../infra/store/transaction.ts';
import { startDocuments } from '../support/documents.ts';
import { silentLog } from '../support/silent-log.ts';
import { freshStore } from '../support/site-store.ts';

// What luna relies on of a document database, proved on the one it embeds.

interface Thing { _id: string; n: number; owner?: string }

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

test('lets one of many take a claim', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const things = store.db.collection<Thing>('things');

  const taken = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => things.insertOne({ _id: 'ip/net/7', n })));

  assert.equal(taken.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const one of taken) if (one.status === 'rejected') assert.ok(isDuplicateKey(one.reason));
});

test('lets one of many transactions take a claim and leaves nothing of the others', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const [claims, objects] = [store.db.collection<Thing>('claims_'), store.db.collection<Thing>('objects_')];
  await claims.insertOne({ _id: 'first', n: 0 });
  await objects.insertOne({ _id: 'first', n: 0 });

  const done = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => inTransaction(store, async (session) => {
    await objects.insertOne({ _id: `object${n}`, n }, { session });
    await claims.insertOne({ _id: 'name/node/node001', n }, { session });
  })));

  assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal(await objects.countDocuments(), 2);
});

test('leaves nothing of a transaction that throws', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const things = store.db.collection<Thing>('things');
  await things.insertOne({ _id: 'a', n: 1 });

  await assert.rejects(inTransaction(store, async (session) => {
    await things.insertMany([{ _id: 'b', n: 2 }, { _id: 'c', n: 3 }], { session });
    await things.updateOne({ _id: 'a' }, { $set: { n: 9 } }, { session });
    await things.deleteOne({ _id: 'a' }, { session });
    throw new Error('not after all');
  }), /not after all/);

  assert.deepEqual(await things.find({}).toArray(), [{ _id: 'a', n: 1 }]);
});

test('lets one of many compare-and-set a revision', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const things = store.db.collection<Thing>('things');
  await things.insertOne({ _id: 'a', n: 0 });

  const set = await Promise.all(Array.from({ length: 100 }, (_, i) => things.replaceOne({ _id: 'a', n: 0 }, { n: i + 1 })));

  assert.equal(set.filter(({ matchedCount }) => matchedCount === 1).length, 1);
});

test('serialises transactions that write the same document, from several processes', async (t) => {
  const first = await freshStore(documents.uri);
  const second = await openStore(documents.uri, { log: silentLog, database: first.db.databaseName });
  t.after(() => Promise.all([first.close(), second.close()]));
  const counter = first.db.collection<Thing>('counter');
  await counter.insertOne({ _id: 'a', n: 0 });

  // Read, wait, write what was read plus one: a lost update unless conflicts are seen.
  await Promise.all([first, second, first, second, first, second, first, second].map((store) => inTransaction(store, async (session) => {
    const things = store.db.collection<Thing>('counter');
    const { n } = await things.findOne({ _id: 'a' }, { session }) ?? { n: Number.NaN };
    await things.updateOne({ _id: 'a' }, { $set: { n: n + 1 } }, { session });
  })));

  assert.deepEqual(await counter.findOne({ _id: 'a' }), { _id: 'a', n: 8 });
});

test('reads one moment within a transaction', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const things = store.db.collection<Thing>('things');
  await things.insertMany([{ _id: 'a', n: 1 }, { _id: 'b', n: 1 }]);

  const seen = await inTransaction(store, async (session) => {
    const first = await things.findOne({ _id: 'a' }, { session });
    await things.updateOne({ _id: 'b' }, { $set: { n: 2 } });
    await things.insertOne({ _id: 'c', n: 2 });
    return [first, ...await things.find({ _id: { $ne: 'a' } }, { session }).toArray()];
  });

  assert.deepEqual(seen, [{ _id: 'a', n: 1 }, { _id: 'b', n: 1 }]);
});

test('inserts what is not there yet of a batch in which the rest is', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const things = store.db.collection<Thing>('things');
  await things.insertOne({ _id: 'b', n: 0 });

  await assert.rejects(things.insertMany(['a', 'b', 'c'].map((_id) => ({ _id, n: 1 })), { ordered: false }), isDuplicateKey);

  assert.deepEqual((await things.find({}).toArray()).map(({ _id, n }) => `${_id}${n}`).sort(), ['a1', 'b0', 'c1']);
});

test('loses nothing that was acknowledged when it is killed while it writes', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const things = store.db.collection<Thing>('things');
  const acknowledged: string[] = [];

  for (let round = 0; round < 2; round += 1) {
    let killed = false;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; !killed; n += 1) {
        const _id = `${round}/${writer}/${n}`;
        try {
          if (n % 3 === 0) await inTransaction(store, (session) => things.insertOne({ _id, n }, { session }).then(() => undefined));
          else await things.insertOne({ _id, n });
          acknowledged.push(_id);
        } catch {
          return;
        }
      }
    });
    const before = acknowledged.length;
    while (acknowledged.length < before + 60) await new Promise((resolve) => { setTimeout(resolve, 10); });
    const back = documents.crash();
    killed = true;
    await Promise.all([back, ...writers]);
  }

  const there = new Set((await things.find({}).toArray()).map(({ _id }) => _id));
  assert.deepEqual(acknowledged.filter((_id) => !there.has(_id)), []);
  assert.ok(acknowledged.length >= 120);
});

test('frees what a transaction has touched when its client is gone', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const things = store.db.collection<Thing>('things');
  await things.insertOne({ _id: 'a', n: 1 });
  const killed = new MongoClient(documents.uri);
  const session = killed.startSession();
  session.startTransaction();
  await killed.db(store.db.databaseName).collection<Thing>('things').updateOne({ _id: 'a' }, { $set: { n: 2 } }, { session });

  // As a killed process does: the connections break, and nothing is said.
  Object.assign(session, { endSession: () => Promise.resolve() });
  await killed.close(true);

  await things.updateOne({ _id: 'a' }, { $inc: { n: 10 } });
  assert.deepEqual(await things.findOne({ _id: 'a' }), { _id: 'a', n: 11 });
});

test('keeps indexes true to batches written before and after they are made', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const things = store.db.collection<Thing>('things');
  const batch = (from: number, to: number, word = ''): Thing[] => Array.from({ length: to - from }, (_, i) => ({ _id: `${from + i}${word}`, n: from + i }));

  await things.insertMany(batch(0, 50));
  await things.createIndex({ n: 1 }, { unique: true, name: 'by n' }, {});
  await assert.rejects(things.insertMany(batch(49, 60, 'x')), isDuplicateKey);
  await things.insertMany(batch(50, 60));
  await things.bulkWrite(batch(50, 60).map(({ _id, n }) => ({ replaceOne: { filter: { _id }, replacement: { n: n + 100 } } })));
  await things.dropIndex('by n');
  await things.insertMany(batch(0, 2, 'x'));
  await things.createIndex({ n: 1 });

  const found = (n: number): Promise<number> => things.countDocuments({ n });
  assert.deepEqual([await found(49), await found(55), await found(155), await found(1)], [1, 0, 1, 2]);
});
