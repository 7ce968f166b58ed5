import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { get } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { exposition } from '../../infra/metrics/exposition.ts';
import { createMetrics, type Metrics } from '../../infra/metrics/metrics.ts';
import { apiMetrics } from '../../workers/api-metrics.ts';
import { apiDocuments } from '../../workers/api-documents.ts';
import { seederMetrics, swarmMetrics } from '../../infra/metrics/swarm-metrics.ts';
import { serveMetrics } from '../../infra/metrics/socket.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { startDocuments } from '../support/documents.ts';
import { silentLog } from '../support/silent-log.ts';
import { siteStore } from '../support/site-store.ts';
import { temporaryInstance } from '../support/instance.ts';

/** What promtool finds wrong with the names, types and units of a text of metrics; empty when it is content. */
function remarks(text: string): string {
  try {
    execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: 'pipe', timeout: 60_000 });
    return '';
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  }
}

/** The boot process after it has seen something of everything. */
function busy(): Metrics {
  const metrics = createMetrics('boot');
  for (const service of ['dhcp', 'dhcp6', 'proxydhcp', 'ra', 'tftp', 'http', 'dns', 'agent']) {
    const meter = metrics.meter(service);
    meter.packet('discover', 'offer');
    meter.packet('rrq', 'malformed');
    meter.took('discover', 0.002);
    meter.sent(1024);
    meter.gauge('transfers', 'Transfers under way.', () => 1);
  }
  const swarm = swarmMetrics(metrics.registry, () => [{ osimage: 'compute', part: 'tree', loading: 1, done: 2, gone: 0, rateIn: 10, rateOut: 9, serverRate: 1, copies: 1.01, link: 1000, share: 0.9 }]);
  const tree = { osimage: 'compute', part: 'tree' } as const;
  swarm.shaped(tree, 'demoted', 1);
  swarm.wave(tree, 1e9, 9.1);
  swarm.refused();
  seederMetrics(metrics.registry, () => 1e9);
  return metrics;
}

describe('metrics', () => {
  it('are named and described as promtool wants it', async () => {
    const text = await exposition(new Map([['boot', await busy().values()], ['dns', await createMetrics('dns').values()], ['seeder', null]]));

    assert.match(text, /^luna_dhcp_packets_total\{.*\} 1$/m);
    assert.match(text, /^luna_swarm_machines\{osimage="compute",part="tree",state="done"\} 2$/m);
    assert.equal(remarks(text), '');
  });

  it('would not pass with a name against the conventions', async () => {
    const metrics = busy();
    metrics.meter('tftp').gauge('files_total', 'Files.', () => 1);

    assert.match(remarks(await exposition(new Map([['boot', await metrics.values()]]))), /luna_tftp_files_total/);
  });
});

describe('GET /metrics', () => {
  let documents: Awaited<ReturnType<typeof startDocuments>>;
  before(async () => { documents = await startDocuments(); });
  after(async () => { await documents.stop(); });

  it('tells viewers what all processes count, the site among it, and nobody else', async (t) => {
    const { config } = temporaryInstance(t);
    const store = await siteStore(documents.uri);
    const watch = await watchSite(store, silentLog);
    const own = createMetrics('api');
    const metrics = apiMetrics({ config, metrics: own, documents: apiDocuments(store, watch) });
    const sockets = await Promise.all([serveMetrics(config.runDir, 'api', own), serveMetrics(config.runDir, 'boot', busy())]);
    const api = await startApi(store, silentLog, metrics);
    t.after(async () => {
      await api.stop();
      for (const socket of sockets) await socket.stop();
      await watch.stop();
      await store.close();
    });
    const { secret } = (await api.call('POST', '/tokens', { name: 'prometheus', role: 'viewer' })).json as { secret: string };

    const refused = await scrape(api);
    const { status, type, text } = await scrape(api, `Bearer ${secret}`);

    assert.equal(refused.status, 401);
    assert.deepEqual([status, type], [200, 'text/plain; version=0.0.4; charset=utf-8']);
    for (const sample of ['luna_process_up{process="boot"} 1', 'luna_store_up 1', 'luna_store_objects{kind="networks"} 2', 'luna_api_requests_total{kind="addToken",result="201"} 1', 'luna_tftp_sent_bytes_total 1024']) {
      assert.ok(text.split('\n').includes(sample), sample);
    }
    assert.equal(remarks(text), '');
  });
});

function scrape({ port, tls }: TestApi, authorization?: string): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics', ca: tls.cert, agent: false, timeout: 60_000, headers: authorization === undefined ? {} : { authorization } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => { text += part; });
      answer.on('end', () => { resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }); });
      answer.on('error', reject);
    }).on('error', reject);
  });
}
