import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Part } from '../../../../infra/engine/part.ts';
import { readState, type SupervisorState } from '../../../../infra/engine/state-file.ts';
import { supervise } from '../../../../infra/engine/supervise.ts';
import { fakePart } from '../../../support/fake-part.ts';
import { temporaryInstance } from '../../../support/instance.ts';
import { recordedLog } from '../../../support/recorded-log.ts';

/** Supervises `parts` until `enough` says so of a state, or until it ends by itself. */
async function superviseUntil(t: TestContext, parts: Part[], enough: (state: SupervisorState) => boolean) {
  const { config } = temporaryInstance(t);
  const log = recordedLog();
  const stop = new AbortController();
  const changed = (state: SupervisorState) => { if (enough(state)) stop.abort(); };
  const limits = { readyMs: 20_000, stopMs: 1000, lookMs: 200 };
  const failure = await supervise(parts, { config, log, signal: stop.signal, changed, limits }).then(() => undefined, (error: unknown) => error as Error);
  const state = readState(config);
  assert.ok(state);
  return { config, log, failure, state, told: told(join(config.runDir, 'told')) };
}

function told(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

test('starts engines before workers and stops them after', async (t) => {
  const parts = [fakePart('worker-a'), fakePart('engine-a', 'serve', 'engine')];

  const { told: order, state } = await superviseUntil(t, parts, (now) => now.phase === 'ready');

  assert.deepEqual(order, ['engine-a started', 'worker-a started', 'worker-a stopped', 'engine-a stopped']);
  assert.equal(state.phase, 'stopped');
});

test('starts a part again that ended, and counts it', async (t) => {
  const back = (now: SupervisorState) => now.phase === 'ready' && now.parts.every((part) => part.state === 'ready' && part.restarts === 1);

  const { log, state } = await superviseUntil(t, [fakePart('shaky', 'end-once-ready')], back);

  assert.equal(state.parts[0]?.restarts, 1);
  assert.ok(log.events.some(({ event, data }) => event === 'part.ended' && 'how' in data && data.how === 'exit code 3'));
});

test('gives up on a part that never served, with its last words, and stops the others', async (t) => {
  const { failure, state, told: order } = await superviseUntil(t, [fakePart('well'), fakePart('broken', 'fail')], () => false);

  assert.match(failure?.message ?? '', /broken ended with exit code 7[^]*broken finds no licence to run/);
  assert.equal(state.phase, 'failed');
  assert.ok(order.includes('well stopped'));
});

test('kills a part that does not stop in time, and says so', async (t) => {
  const { state } = await superviseUntil(t, [fakePart('deaf', 'deaf')], (now) => now.phase === 'ready');

  assert.equal(state.parts[0]?.killed, true);
  assert.equal(state.parts[0]?.state, 'stopped');
});

test('starts nothing when a port is taken, and names its holder', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  t.after(() => { server.close(); });
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const part: Part = { ...fakePart('api'), claims: [{ protocol: 'tcp', address: '0.0.0.0', port: address.port, variable: 'LUNA_API_ADDRESS' }] };

  const { failure, told: order } = await superviseUntil(t, [part], () => false);

  assert.match(failure?.message ?? '', new RegExp(`TCP port ${address.port} is held by process ${process.pid} \\(.*node.*\\).*LUNA_API_ADDRESS`));
  assert.deepEqual(order, []);
});

test('keeps a log of its own for each part', async (t) => {
  const { config } = await superviseUntil(t, [fakePart('one'), fakePart('two')], (now) => now.phase === 'ready');

  const logs = ['one', 'two'].map((name) => readFileSync(join(config.logDir, `${name}.log`), 'utf8'));
  assert.deepEqual(logs, ['one says hello\n', 'two says hello\n']);
});
