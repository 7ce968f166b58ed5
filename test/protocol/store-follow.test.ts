import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandStartedEvent } from 'mongodb';
import { MongoClient } from 'mongodb';
import { followWrites } from '../../infra/store/follow.ts';
import { startDocuments } from '../support/documents.ts';

interface Thing { _id: string; value: number }

let documents: Awaited<ReturnType<typeof startDocuments>>;
let client: MongoClient;
const asked: string[] = [];

before(async () => {
  documents = await startDocuments();
  client = new MongoClient(documents.uri, { monitorCommands: true, writeConcern: { w: 'majority', journal: true } });
  client.on('commandStarted', ({ commandName }: CommandStartedEvent) => { asked.push(commandName); });
  await client.connect();
});
after(async () => {
  await client.close();
  await documents.stop();
});

/** Follows a new collection and resolves when the stream is open. */
async function following(name: string, operations: readonly ('insert' | 'replace')[]) {
  const things = await client.db('follow').createCollection<Thing>(name);
  const told: Thing[] = [];
  const broken: string[] = [];
  const stream = followWrites(things, { operations, pauseMs: 50, each: (thing) => { told.push(thing); }, broken: ({ message }) => { broken.push(message); } });
  const until = Date.now() + 20_000;
  while (!asked.includes('aggregate') && Date.now() < until) await sleep(20);
  await sleep(300);
  return { things, told, broken, stream };
}

async function untilTold(told: readonly Thing[], count: number): Promise<void> {
  for (const until = Date.now() + 20_000; told.length < count && Date.now() < until;) await sleep(20);
}

test('tells each document that is inserted or replaced, in order, and nothing else', async () => {
  const { things, told, broken, stream } = await following('all', ['insert', 'replace']);

  await things.insertOne({ _id: 'a', value: 1 });
  await things.updateOne({ _id: 'a' }, { $set: { value: 2 } });
  await things.replaceOne({ _id: 'a' }, { value: 3 });
  await things.deleteOne({ _id: 'a' });
  await things.insertOne({ _id: 'b', value: 4 });
  await untilTold(told, 3);
  await stream.stop();

  assert.deepEqual(told, [{ _id: 'a', value: 1 }, { _id: 'a', value: 3 }, { _id: 'b', value: 4 }]);
  assert.deepEqual(broken, []);
});

test('does not ask again at every write of other collections', async () => {
  const { things, told, stream } = await following('quiet', ['insert']);
  const others = client.db('follow').collection<Thing>('others');
  asked.length = 0;

  for (let i = 0; i < 200; i += 1) await others.insertOne({ _id: String(i), value: i });
  const looks = asked.filter((command) => command === 'getMore').length;
  await things.insertOne({ _id: 'a', value: 1 });
  await untilTold(told, 1);
  await stream.stop();

  assert.ok(looks < 100, `${looks} looks during 200 writes`);
  assert.deepEqual(told.map(({ _id }) => _id), ['a']);
});

test('opens the stream again when it broke', async () => {
  const { things, told, broken, stream } = await following('broken', ['insert']);

  await things.drop();
  for (const until = Date.now() + 20_000; broken.length === 0 && Date.now() < until;) await sleep(20);
  await sleep(1500);
  await things.insertOne({ _id: 'a', value: 1 });
  await untilTold(told, 1);
  await stream.stop();

  assert.deepEqual(told.map(({ _id }) => _id), ['a']);
});
