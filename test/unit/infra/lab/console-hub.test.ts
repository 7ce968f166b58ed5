import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { startConsoleHub } from '../../../../infra/lab/console-hub.ts';
import { forward } from '../../../../infra/lab/forward.ts';

let dir = '';
const servers: Server[] = [];
const sockets: Socket[] = [];
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-'));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(target: string | number): Promise<Socket> {
  const socket = typeof target === 'string' ? connect(target) : connect(target, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function read(socket: Socket, text: string): Promise<string> {
  let seen = '';
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    seen += String(bytes);
    if (seen.includes(text)) break;
  }
  return seen;
}

test('shows a serial line to everybody and takes what anybody types', { timeout: 10_000 }, async () => {
  const [machinePath, peoplePath] = [path.join(dir, 'serial'), path.join(dir, 'console')];
  writeFileSync(peoplePath, 'left by a crash');
  servers.push(...await startConsoleHub({ machine: { path: machinePath }, people: [{ path: peoplePath }, { host: '127.0.0.1', port: 0 }] }));
  const machine = await open(machinePath);
  const person = await open(peoplePath);
  const overLan = await open((servers[2]?.address() as AddressInfo).port);
  // A round trip from each, so that the hub knows all three.
  person.write('a');
  await read(machine, 'a');
  overLan.write('b');
  await read(machine, 'b');

  machine.write('login: ');

  assert.equal(await read(person, 'login: '), 'login: ');
  assert.equal(await read(overLan, 'login: '), 'login: ');
});

test('goes on when the machine is switched off and on', { timeout: 10_000 }, async () => {
  const [machinePath, peoplePath] = [path.join(dir, 'serial'), path.join(dir, 'console')];
  servers.push(...await startConsoleHub({ machine: { path: machinePath }, people: [{ path: peoplePath }] }));
  const person = await open(peoplePath);
  const first = await open(machinePath);
  first.destroy();
  const second = await open(machinePath);
  person.write('x');
  await read(second, 'x');

  second.write('again');

  assert.equal(await read(person, 'again'), 'again');
});

test('forwards a TCP port through a unix socket, and closes when nobody is there', { timeout: 10_000 }, async () => {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  servers.push(echo);
  await once(echo, 'listening');
  const port = (echo.address() as AddressInfo).port;
  const middle = path.join(dir, 'ui');
  servers.push(await forward({ path: middle }, { host: '127.0.0.1', port }));
  const outer = await forward({ host: '127.0.0.1', port: 0 }, { path: middle });
  const dead = await forward({ host: '127.0.0.1', port: 0 }, { path: path.join(dir, 'nobody') });
  servers.push(outer, dead);

  const client = await open((outer.address() as AddressInfo).port);
  client.end('GET /');
  const refused = await open((dead.address() as AddressInfo).port);
  refused.on('error', () => undefined).resume();

  assert.equal(await read(client, 'GET /'), 'GET /');
  if (!refused.closed) await once(refused, 'close');
});
