import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { BootRecord } from '../../domain/boot-record.ts';
import type { Traced } from '../../domain/boot-trace.ts';
import type { LeaseView } from '../../domain/lease-views.ts';
import { createMetrics } from '../../infra/metrics/metrics.ts';
import type { Store } from '../../infra/store/connect.ts';
import { appendLeases } from '../../infra/store/leases.ts';
import { bindMac } from '../../infra/store/macs.ts';
import { addNodes } from '../../infra/store/nodes.ts';
import { appendTrace, readTrace, trimTrace } from '../../infra/store/trace.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { keepSeen } from '../../workers/boot-seen.ts';
import { startApi } from '../support/api.ts';
import { brief, type CallApi } from '../support/call-api.ts';
import { startDocuments } from '../support/documents.ts';
import { silentLog } from '../support/silent-log.ts';
import { freshStore, siteStore } from '../support/site-store.ts';

const MAC = '52:54:00:00:00:01';
const STRANGER = '52:54:00:00:00:99';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

/** An API beside the recorder of a boot process, on a site where node001 has {@link MAC}. */
async function served(t: TestContext): Promise<{ call: CallApi; store: Store; ip: string; nodeId: string; saw(...records: BootRecord[]): Promise<void> }> {
  const store = await siteStore(documents.uri);
  const [node] = await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');
  assert.ok(node);
  await bindMac(store, MAC, node._id, 'test');
  const api = await startApi(store);
  const watch = await watchSite(store, silentLog);
  const ending = new AbortController();
  const recorder = keepSeen({ store, watch, metrics: createMetrics('boot'), log: silentLog, signal: ending.signal });
  t.after(async () => {
    ending.abort();
    await recorder.stop();
    await watch.stop();
    await api.stop();
    await store.close();
  });
  return {
    call: api.call, store, nodeId: node._id, ip: '10.30.0.2',
    async saw(...records) {
      for (const record of records) recorder.seen(record);
      await recorder.flush();
    },
  };
}

function record(second: number, changes: Partial<BootRecord>): BootRecord {
  const at = new Date(Date.now() - 60_000 + second * 1000).toISOString();
  return { at, service: 'dhcp', mac: null, ip: null, networkId: null, nodeId: null, saw: 'DISCOVER', answered: null, why: '', facts: {}, ...changes };
}

const lines = (json: unknown): string[] => (json as Traced[]).map(({ node, service, saw, answered }) => `${node ?? '-'} ${service}: ${saw} -> ${answered ?? 'nothing'}`);

test('shows what every service saw of a node in the order in which it happened', async (t) => {
  const { call, saw, ip } = await served(t);

  await saw(
    record(1, { mac: MAC, saw: 'DISCOVER', answered: `OFFER ${ip}` }),
    record(2, { mac: MAC, ip, saw: `REQUEST ${ip}`, answered: `ACK ${ip}` }),
    // A transfer is told when it is over: after what began later.
    record(4, { service: 'http', ip, saw: 'GET /luna?step=boot', answered: 'a script' }),
    record(3, { service: 'tftp', ip, saw: 'RRQ undionly.kpxe', answered: 'sent 71 KB' }),
    record(3, { mac: STRANGER, saw: 'DISCOVER' }),
  );
  const wanted = [
    `node001 dhcp: DISCOVER -> OFFER ${ip}`,
    `node001 dhcp: REQUEST ${ip} -> ACK ${ip}`,
    'node001 tftp: RRQ undionly.kpxe -> sent 71 KB',
    'node001 http: GET /luna?step=boot -> a script',
  ];

  for (const name of ['node001', MAC, ip]) assert.deepEqual(lines((await call('GET', `/boot/trace/${name}`)).json), wanted, name);
});

test('shows strangers by their MAC, and by the address that they were leased', async (t) => {
  const { call, saw, store } = await served(t);
  await appendLeases(store, [{ mac: STRANGER, networkId: 'n', ip: '10.30.9.9', at: '2026-01-01T00:00:00.000Z', expires: '2026-01-01T01:00:00.000Z' }]);

  await saw(record(1, { mac: STRANGER }));

  for (const name of [STRANGER, STRANGER.toUpperCase(), '10.30.9.9']) assert.deepEqual(lines((await call('GET', `/boot/trace/${name}`)).json), ['- dhcp: DISCOVER -> nothing'], name);
  assert.deepEqual((await call('GET', '/boot/trace/10.30.9.8')).json, []);
  assert.match(brief(await call('GET', '/boot/trace/node009')), /^404 not-found there is no node named node009/);
});

test('lists the leases of a network that hold, lowest address first', async (t) => {
  const { call, store } = await served(t);
  const network = (await store.db.collection<{ _id: string; name: string }>('networks').findOne({ name: 'cluster' }))?._id ?? '';
  const lease = (ip: string, mac: string, expires: string) => ({ mac, networkId: network, ip, at: '2026-01-01T00:00:00.000Z', expires });
  await appendLeases(store, [
    lease('10.30.192.10', STRANGER, '2099-01-01T00:00:00.000Z'),
    lease('10.30.192.9', MAC, '2099-01-01T00:00:00.000Z'),
    lease('10.30.192.11', '52:54:00:00:00:98', '2026-01-01T01:00:00.000Z'),
    { ...lease('10.30.192.12', '52:54:00:00:00:97', '2099-01-01T00:00:00.000Z'), networkId: 'another' },
  ]);

  const { json } = await call('GET', '/networks/cluster/leases');

  assert.deepEqual((json as LeaseView[]).map(({ ip, mac, node }) => [ip, mac, node]), [['10.30.192.9', MAC, 'node001'], ['10.30.192.10', STRANGER, null]]);
  assert.match(brief(await call('GET', '/networks/nope/leases')), /^404 not-found/);
});

test('answers who waits as soon as there is more, and tells nothing twice', async (t) => {
  const { call, saw } = await served(t);
  await saw(record(1, { mac: MAC, saw: 'DISCOVER' }));

  const [first] = (await call('GET', '/boot/trace/node001?after=1970-01-01T00:00:00Z&wait=20')).json as Traced[];
  const waiting = call('GET', `/boot/trace/node001?after=${first?.noted ?? ''}&wait=20`);
  await saw(record(2, { mac: MAC, saw: 'REQUEST' }));

  assert.equal(first?.saw, 'DISCOVER');
  assert.deepEqual(((await waiting).json as Traced[]).map(({ saw: what }) => what), ['REQUEST']);
  assert.deepEqual((await call('GET', `/boot/trace/node001?after=${new Date().toISOString()}`)).json, []);
});

test('shows only what happened since a time, and only so much', async (t) => {
  const { call, saw } = await served(t);
  const some = [1, 2, 3].map((second) => record(second, { mac: MAC, saw: `DISCOVER ${second}` }));

  await saw(...some);

  const shown = async (query: string): Promise<string[]> => ((await call('GET', `/boot/trace/node001?${query}`)).json as Traced[]).map(({ saw: what }) => what);
  assert.deepEqual(await shown(`since=${some[1]?.at ?? ''}`), ['DISCOVER 2', 'DISCOVER 3']);
  assert.equal((await shown('limit=1')).length, 1);
  assert.equal((await call('GET', '/boot/trace/node001?since=yesterday')).status, 400);
});

test('keeps the newest five hundred records of each machine, for as long as it is told', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const kept = (who: string, count: number) => Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, i)).toISOString();
    return { ...record(0, { mac: who }), at, who, noted: at };
  });
  await appendTrace(store, [...kept(MAC, 600), ...kept(STRANGER, 10)]);

  await trimTrace(store, '2026-01-01T00:00:05.000Z', [MAC, STRANGER]);

  const [all, few] = await Promise.all([MAC, STRANGER].map((who) => readTrace(store, { whos: [who], limit: 1000 })));
  assert.deepEqual([all?.length, all?.at(0)?.at, all?.at(-1)?.at], [500, '2026-01-01T00:01:40.000Z', '2026-01-01T00:09:59.000Z']);
  assert.deepEqual([few?.length, few?.at(0)?.at], [5, '2026-01-01T00:00:05.000Z']);
});
