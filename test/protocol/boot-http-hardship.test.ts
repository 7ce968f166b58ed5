import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { boundConnections, type ConnectionLimits } from '../../infra/boot/http/connections.ts';
import { USUAL_PACE, watchTransfers } from '../../infra/boot/http/transfers.ts';
import type { BootHttpListen } from '../../infra/boot/http/server.ts';
import { serve, testWorld, type World } from '../support/boot-http.ts';
import { countingMeter } from '../support/counting-meter.ts';
import { ask } from '../support/http-client.ts';
import { until } from '../support/until.ts';

const BIG = 256 * 1024 * 1024;
const MB = 1024 * 1024;

let world: World;
let server: Awaited<ReturnType<typeof serve>>;
let meter: ReturnType<typeof countingMeter>;
const sockets: Socket[] = [];

/** Serves a world with a large file at /boot/big, and these settings. */
async function start({ connections, ...options }: Partial<Omit<BootHttpListen, 'connections'>> & { connections?: ConnectionLimits } = {}, deps: Partial<World['deps']> = {}): Promise<void> {
  meter = countingMeter();
  world.seen.length = 0;
  Object.assign(world.deps, { meter, limits: undefined, transfers: watchTransfers(USUAL_PACE), ...deps });
  server = await serve(world, { ...options, connections: boundConnections(meter, connections) });
}
before(async () => {
  world = await testWorld();
  const big = join(world.deps.bootDir, 'big');
  await writeFile(big, '');
  await truncate(big, BIG);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  world.deps.transfers.stop();
  await server.stop();
});

/** A connection that sends this and reads nothing unless told; from a loopback address of its own, when one is given. */
async function open(text: string, from = '127.0.0.5'): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: server.address.port, localAddress: from });
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.pause();
  await new Promise((resolve) => { socket.once('connect', resolve); });
  socket.write(text);
  return socket;
}

/** All that comes until the other side ends the connection. */
async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => { text += chunk.toString('latin1'); });
  socket.resume();
  await new Promise((resolve) => { socket.once('close', resolve); });
  return text;
}

const GET_BIG = 'GET /boot/big HTTP/1.1\r\nHost: luna\r\n\r\n';
const GET_SMALL = 'GET /boot/debian12-vmlinuz HTTP/1.1\r\nHost: luna\r\n\r\n';
const isServed = async (from: string): Promise<boolean> => (await ask(`${server.url}/boot/debian12-vmlinuz`, { from })).text === '0123456789';

describe('a slow client', () => {
  const deadlines = { headers: 200, request: 400, idle: 200 };

  for (const [what, text] of [['says nothing', ''], ['never ends its headers', 'GET /boot/big HTTP/1.1\r\nX-Slow: '], ['never sends the body it announced', 'POST /node/report HTTP/1.1\r\nHost: l\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n']]) {
    test(`that ${what} is told so and its connection closed`, async () => {
      await start({ deadlines });

      assert.match(await answerOf(await open(text ?? '')), /^HTTP\/1\.1 408 /);
      assert.equal(meter.packets['request late'], 1);
    });
  }

  test('that asks for a file and takes nothing is cut off, and leaves nothing behind', async () => {
    await start({}, { transfers: watchTransfers({ leastBytes: 1000, spanMs: 200, now: () => performance.now() }) });
    await open(GET_BIG);
    await until(() => meter.packets['file broken'] === 1);

    assert.deepEqual([world.deps.transfers.count, meter.read('transfers')], [0, 0]);
    assert.match(world.seen.at(-1)?.answered ?? '', /^200, broken off/);
    await until(() => meter.read('connections') === 0);
  });

  test('that keeps its connection for nothing is closed', async () => {
    await start({ deadlines });

    assert.match(await answerOf(await open(GET_SMALL)), /^HTTP\/1\.1 200 OK[^]*0123456789$/);
  });
});

describe('many clients that take nothing', () => {
  test('cost little memory, and others are served meanwhile', async () => {
    await start();
    const before = process.memoryUsage().arrayBuffers;
    await Promise.all(Array.from({ length: 200 }, (_, i) => open(GET_BIG, `127.0.1.${i + 1}`)));
    await until(() => world.deps.transfers.count === 200);

    assert.ok(await isServed('127.0.0.6'));
    assert.equal(meter.read('connections') >= 200, true);
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < 80 * MB, `${Math.round(grown / MB)} MB for 200 clients of a file of ${BIG / MB} MB`);
  });

  test('leave no transfer behind when they hang up', async () => {
    await start();
    const clients = await Promise.all(Array.from({ length: 50 }, () => open(GET_BIG)));
    await until(() => world.deps.transfers.count === 50);

    for (const socket of clients) socket.destroy();

    await until(() => world.deps.transfers.count === 0 && meter.read('connections') === 0);
    assert.equal(meter.packets['file broken'], 50);
  });
});

describe('a greedy client', () => {
  test('gets so many connections and no more, while others are served', async () => {
    await start({ connections: { perClient: 5, inAll: 100 } });
    const five = await Promise.all(Array.from({ length: 5 }, () => open('')));

    const sixth = await answerOf(await open(GET_SMALL));

    assert.match(sixth, /^HTTP\/1\.1 503 [^]*Retry-After: 1\r\n/);
    assert.ok(await isServed('127.0.0.6'));
    five[0]?.destroy();
    await until(() => meter.read('connections') === 4);
    assert.ok(await isServed('127.0.0.5'));
  });

  test('that leaves connections idle gives way when there are too many in all', async () => {
    await start({ connections: { perClient: 50, inAll: 20 } });
    const idle = await Promise.all(Array.from({ length: 20 }, () => open(GET_SMALL)));
    const closed = Promise.all(idle.map((socket) => answerOf(socket)));
    await until(() => meter.packets['file ok'] === 20);

    await until(() => isServed('127.0.0.6').catch(() => false));

    for (const answer of await closed) assert.match(answer, /0123456789$/);
  });

  test('is told to wait when it asks too often', async () => {
    await start({}, { limits: { perSecond: 0.001, burst: 3 } });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await ask(`${server.url}/boot/debian12-vmlinuz`, { from: '127.0.0.5' })).status);

    assert.deepEqual(statuses, [200, 200, 200, 429]);
    assert.ok(await isServed('127.0.0.6'));
    assert.equal(meter.packets['file limited'], 1);
  });
});

describe('what is no HTTP', () => {
  test('does not get into the middle of a file', async () => {
    await start();
    const body = (await answerOf(await open(`${GET_BIG}nonsense\r\n\r\n`))).split('\r\n\r\n').slice(1).join('');

    assert.match(body, /^\0*$/);
  });

  const nonsense: [what: string, text: string, status: number][] = [
    ['noise', '\0\x01\x02\xff\r\n\r\n', 400], ['a TLS greeting', '\x16\x03\x01\x02\x00\x01', 400], ['a header without an end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}`, 431],
    ['two lengths', 'POST /node/report HTTP/1.1\r\nHost: l\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400], ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ];
  for (const [what, text, status] of nonsense) {
    test(`${what} is refused with ${status}, and others are served`, async () => {
      await start();

      assert.match(await answerOf(await open(text)), new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.ok(await isServed('127.0.0.5'));
    });
  }
});
