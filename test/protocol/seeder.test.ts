import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Seed, type Seeder, startSeeder } from '../../infra/boot/torrent/seeder.ts';
import { armedBoot, NONCE, serve, testWorld, type World } from '../support/boot-http.ts';
import { ask } from '../support/http-client.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { aria2, infoHashOf, packedTree, run } from '../support/torrent.ts';
import { until } from '../support/until.ts';

const MACHINE = '127.0.0.5';
const STRANGER = '127.0.0.6';

let world: World;
let server: Awaited<ReturnType<typeof serve>>;
let seeder: Seeder;
let seed: Seed;
const log = recordedLog();
let data: Buffer;
let url: string;

before(async () => {
  world = await testWorld();
  server = await serve(world);
  const packed = await packedTree(world.deps.torrentsDir, 700_000);
  data = packed.data;
  world.site.artefacts.set('art1', packed.artefact);
  const { tree, torrent } = packed.artefact;
  url = `${server.url}/torrents/${tree.sha256}`;
  seed = { infoHash: tree.infoHash, file: tree.file, size: tree.size, torrentFile: torrent, osimage: 'compute', announce: `${server.url}/announce` };
  seeder = await startSeeder({ port: 0, directory: world.deps.torrentsDir, isAdmitted: (address) => address === MACHINE, log });
});
after(async () => {
  await seeder.stop();
  await server.stop();
});
beforeEach(() => { world.boot = armedBoot({ state: 'live' }); });

/** Saves the .torrent a node is served into an empty folder; `path` is its place. */
async function served(query: string): Promise<{ folder: string; path: string; text: string }> {
  const folder = temporaryFolder('leech');
  const { text } = await ask(`${url}.torrent?nonce=${NONCE}${query}`);
  const path = join(folder, 'served.torrent');
  await writeFile(path, text, 'latin1');
  return { folder, path, text };
}

const loaded = async (folder: string): Promise<boolean> => data.equals(await readFile(join(folder, seed.file)).catch(() => Buffer.alloc(0)));

describe('a packed image', () => {
  test('reaches a foreign client by web seed alone, when it asks for one', async () => {
    const { folder, path } = await served('&webseed=1');

    const { code, output } = await aria2(path, folder, MACHINE);

    assert.equal(code, 0, output);
    assert.ok(await loaded(folder));
  });

  test('reaches a foreign client from the seeder, through the tracker', async () => {
    await seeder.seed([seed]);
    const { folder, path } = await served('');

    const { code, output } = await aria2(path, folder, MACHINE);

    assert.equal(code, 0, output);
    assert.ok(await loaded(folder));
  });

  test('does not reach a stranger who copied the .torrent of a machine: no peers, no web seed, and no seeder', async () => {
    await seeder.seed([seed]);
    const { folder, path } = await served('&webseed=1');

    const { code, output } = await aria2(path, folder, STRANGER, 3);

    assert.notEqual(code, 0, output);
    assert.ok(!(await loaded(folder)));
    assert.equal((await ask(`${url}.tar.zst?nonce=${NONCE}`, { from: STRANGER })).status, 403);
  });

  test('does not reach a client whose nonce is dead', async () => {
    const { folder, path } = await served('');
    world.boot = armedBoot({ state: 'dead' });

    const { code } = await aria2(path, folder, MACHINE, 3);

    assert.notEqual(code, 0);
    assert.ok(!(await loaded(folder)));
  });

  test('keeps its info hash in the .torrent that is served', async () => {
    const { text } = await served('&webseed=1');

    assert.equal(infoHashOf(Buffer.from(text, 'latin1')), seed.infoHash);
    assert.ok(text.includes(`announce?nonce=${NONCE}`) && text.includes(`.tar.zst?nonce=${NONCE}`) && !text.includes('http://old/'));
  });

  test('is served in ranges and by HEAD, to curl', async () => {
    const range = await run('curl', ['-s', '-r', '10-19', '-o', '-', '-w', '%{http_code}', `${url}.tar.zst?nonce=${NONCE}`]);
    const head = await run('curl', ['-sI', `${url}.tar.zst?nonce=${NONCE}`]);

    assert.match(range.output, /206$/);
    assert.match(head.output, /^HTTP\/1.1 200 OK/);
    assert.match(head.output, new RegExp(`Content-Length: ${data.length}`));
  });
});

describe('the seeder', () => {
  test('closes a stranger\'s connection without a word', async () => {
    await seeder.seed([seed]);

    const heard = await new Promise<number>((resolve) => {
      const socket = connect({ port: seeder.port, host: '127.0.0.1', localAddress: STRANGER });
      let bytes = 0;
      socket.on('data', (chunk) => { bytes += chunk.length; });
      socket.on('connect', () => { socket.write(Buffer.concat([Buffer.from('\x13BitTorrent protocol'), Buffer.alloc(8), Buffer.from(seed.infoHash, 'hex'), Buffer.alloc(20, 'x')])); });
      socket.on('error', () => undefined);
      socket.on('close', () => { resolve(bytes); });
    });

    assert.equal(heard, 0);
  });

  test('stops what is no longer wanted, goes on when a file is missing, and seeds again', async () => {
    const gone = { ...seed, infoHash: 'f'.repeat(40), file: 'gone.tar.zst' };
    await seeder.seed([gone]);
    const without = await served('');
    const again = await served('');

    const refused = await aria2(without.path, without.folder, MACHINE, 3);
    await seeder.seed([gone, seed]);
    const taken = await aria2(again.path, again.folder, MACHINE);

    assert.notEqual(refused.code, 0);
    assert.equal(taken.code, 0, taken.output);
  });

  test('does not seed a file of another size than was packed, says once which and what to type, and seeds it when it is whole', async () => {
    const { data: whole, artefact: { tree, torrent } } = await packedTree(world.deps.torrentsDir, 90_000);
    const path = join(world.deps.torrentsDir, tree.file);
    const short = { ...seed, infoHash: tree.infoHash, file: tree.file, size: tree.size, torrentFile: torrent };
    const told = (event: string) => log.events.filter((one) => one.event === event && one.data['file'] === tree.file);
    await truncate(path, 1000);

    await seeder.seed([short]);
    await seeder.seed([short]);
    const [refused, ...again] = told('seeder.not_seeded');
    const seededShort = told('seeder.seeding').length;
    await writeFile(path, whole);
    await seeder.seed([short]);
    await until(() => told('seeder.seeding').length > 0);

    assert.deepEqual([refused?.data['next'], (refused?.data['error'] as Error).message], ['luna osimage pack compute', `${path} has 1000 bytes, 90000 were packed`]);
    assert.deepEqual({ again, seededShort }, { again: [], seededShort: 0 });
  });
});
