import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Response } from 'express';
import { streamChanges } from '../../../../infra/api/event-stream.ts';
import type { Change } from '../../../../domain/change.ts';

/** Serves a history of `versions` changes of 64 kB each; tells how many were read and when the stream is over. */
async function serve(t: TestContext, versions: number, allowed: () => boolean): Promise<{ port: number; read: () => number; over: Promise<void>; stopping: AbortController }> {
  const stopping = new AbortController();
  let read = 0;
  const line: Change = { _id: 'x', at: '', tx: 'x', version: '', kind: 'node', id: 'x', name: 'x', rev: 1, by: 'x', diff: { comment: ['', 'y'.repeat(65_536)] } };
  const done = Promise.withResolvers<undefined>();
  const server = createServer((_request, response) => {
    void streamChanges({
      documents: {
        rogues: () => Promise.resolve([]),
        changes: { position: () => Promise.resolve({ objects: versions, macs: 0 }), ofVersion: () => { read += 1; return Promise.resolve([line]); } },
        site: { current: () => { throw new Error('is not looked at'); }, refresh: () => Promise.reject(new Error('is not looked at')), onChange: () => () => undefined },
      },
      swarms: () => Promise.resolve([]),
      response: response as Response, from: { objects: 0, macs: 0 }, stopping: stopping.signal, stillAllowed: () => Promise.resolve(allowed()), beatMs: 20, slowMs: 100,
    }).then(() => { done.resolve(undefined); });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.close(); server.closeAllConnections(); });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, read: () => read, over: done.promise, stopping };
}

async function get(port: number): Promise<ReturnType<typeof connect>> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  return socket;
}

test('cuts a reader that takes nothing, having kept nothing for him', async (t) => {
  const { port, read, over } = await serve(t, 10_000, () => true);
  const socket = await get(port);
  socket.pause();

  await over;

  assert.ok(read() < 1000, `${read()} changes were read for somebody who takes none`);
  socket.destroy();
});

test('beats while nothing happens, and ends when the reader may no longer read or the API stops', async (t) => {
  let asked = 0;
  const forbidden = await serve(t, 0, () => (asked += 1) < 4);
  const stopped = await serve(t, 0, () => true);
  const [first, second] = await Promise.all([get(forbidden.port), get(stopped.port)]);
  let text = '';
  first.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  second.resume();

  await Promise.all([forbidden.over, once(first, 'end')]);
  stopped.stopping.abort();
  await stopped.over;

  assert.match(text, /: beat/);
  first.destroy();
  second.destroy();
});

test('ends while there is still much to tell when the reader may no longer read', { timeout: 20_000 }, async (t) => {
  let allowed = true;
  const { port, read, over } = await serve(t, Infinity, () => allowed);
  const socket = await get(port);
  socket.resume();
  while (read() < 100) await once(socket, 'data');

  allowed = false;
  await over;

  assert.ok(read() >= 100);
});
