import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { armedBoot, MAC, NONCE, order, serve, testWorld, type World } from '../support/boot-http.ts';
import { ask, valuesOf, type Answer } from '../support/http-client.ts';

let world: World;
let server: Awaited<ReturnType<typeof serve>>;

before(async () => {
  world = await testWorld();
  server = await serve(world);
});
after(() => server.stop());
beforeEach(() => {
  world.boot = armedBoot();
  world.order = null;
  for (const list of [world.evidence, world.progress, world.sightings, world.unasked]) list.length = 0;
});

const get = (path: string, from = '127.0.0.5'): Promise<Answer> => ask(server.url + path, { from });
const call = (path: string, form?: Record<string, string>, nonce = world.boot?._id ?? ''): Promise<Answer> =>
  ask(`${server.url}/node/${path}`, { headers: { 'X-Luna-Nonce': nonce }, ...(form === undefined ? {} : { form }) });
const next = async (): Promise<Record<string, string>> => valuesOf((await call('next')).text);
const report = (stage: string, status: string, seq: number, attempt = '1'): Promise<Answer> =>
  call('report', { stage, attempt, seq: String(seq), status, duration_ms: '12', message: `${stage} ${status}`, log: 'a\nb' });
const hello = (): Promise<Answer> => call('hello', { mac: MAC, firmware: 'bios', kernel: '6.1.0', uptime: '0', inventory: '{}' });

describe('an agent', () => {
  test('is led through every row, hands over and reports ready', async () => {
    assert.match((await get(`/luna?step=boot&mac=${MAC}`)).text, new RegExp(`luna.nonce=${NONCE}`));
    assert.match((await hello()).text, /^time=\d{10}\n$/);
    assert.equal(world.boot?.state, 'live');
    assert.deepEqual(await next(), { action: 'wait' });

    const ran: string[] = [];
    for (const row of ['partition', 'download', 'unpack', 'postscript', 'localboot'] as const) {
      world.order = order(row);
      for (let step = await next(); step['action'] === 'run'; step = await next()) {
        const { stage = '', attempt } = step;
        ran.push(stage);
        await report(stage, 'running', 0, attempt);
        assert.equal((await call('progress', { stage, attempt: '1', percent: '50', rate: '', peers: '2', message: '' })).text, 'action=go\n');
        assert.equal((await report(stage, 'ok', 1, attempt)).text, 'action=go\n');
      }
      world.order = null;
    }
    assert.deepEqual(await next(), { action: 'continue' });
    world.boot = armedBoot({ state: 'handedOver' });
    assert.equal((await call('ready', {})).status, 200);

    assert.deepEqual(ran, ['prescript', 'setupbmc', 'partition', 'download', 'unpack', 'network', 'postscript', 'bootloader', 'localboot']);
    assert.deepEqual([...new Set(world.evidence.map((e) => e.stage))], ['pxe.ipxe', 'pxe.kernel', ...ran, 'ready']);
    assert.deepEqual(world.progress[0], { ...world.progress[0], stage: 'prescript', percent: 50, rate: null, peers: 2 });
  });
});
