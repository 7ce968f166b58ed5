import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { exposition } from '../../../../infra/metrics/exposition.ts';
import { createMetrics } from '../../../../infra/metrics/metrics.ts';
import { readMetrics, serveMetrics } from '../../../../infra/metrics/socket.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** The samples of a Prometheus text, as `name{labels}` → value. */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

describe('the metrics of a process', () => {
  it('count packets by kind and result, durations, bytes, and read gauges when somebody looks', async () => {
    const metrics = createMetrics('boot');
    const dhcp = metrics.meter('dhcp');
    let leases = 1;
    dhcp.gauge('leases', 'Leases that are held.', () => leases);
    dhcp.packet('discover', 'offer');
    dhcp.packet('discover', 'offer');
    dhcp.packet('discover', 'malformed');
    dhcp.took('discover', 0.02);
    dhcp.sent(300);
    leases = 7;

    const told = samples(await exposition(new Map([['boot', await metrics.values()]])));

    assert.equal(told.get('luna_dhcp_packets_total{kind="discover",result="offer"}'), 2);
    assert.equal(told.get('luna_dhcp_packets_total{kind="discover",result="malformed"}'), 1);
    assert.equal(told.get('luna_dhcp_duration_seconds_count{kind="discover"}'), 1);
    assert.equal(told.get('luna_dhcp_duration_seconds_bucket{le="0.01",kind="discover"}'), 0);
    assert.equal(told.get('luna_dhcp_duration_seconds_bucket{le="0.03",kind="discover"}'), 1);
    assert.equal(told.get('luna_dhcp_sent_bytes_total'), 300);
    assert.equal(told.get('luna_dhcp_leases'), 7);
  });

  it('are the same when a service asks for its meter again, or for a gauge', async () => {
    const metrics = createMetrics('boot');
    metrics.meter('tftp').gauge('transfers', 'Transfers under way.', () => 1);
    metrics.meter('tftp').gauge('transfers', 'Transfers under way.', () => 2);

    const told = samples(await exposition(new Map([['boot', await metrics.values()]])));

    assert.equal(told.get('luna_tftp_transfers'), 2);
  });

  it('take what is no number for nothing', async () => {
    const metrics = createMetrics('boot');
    metrics.meter('tftp').took('rrq', Number.NaN);

    const told = samples(await exposition(new Map([['boot', await metrics.values()]])));

    assert.equal(told.get('luna_tftp_duration_seconds_count{kind="rrq"}'), undefined);
  });
});

describe('the metrics of all processes', () => {
  it('are read from their sockets, and say which process did not answer', async (t) => {
    const folder = temporaryFolder('metrics');
    const boot = await serveMetrics(folder, 'boot', createMetrics('boot'));
    const dns = await serveMetrics(folder, 'dns', createMetrics('dns'));
    t.after(() => boot.stop());
    const text = await exposition(new Map([...await readMetrics(folder), ['lifecycle', null]]));
    await dns.stop();

    const told = samples(text);
    assert.deepEqual(['boot', 'dns', 'lifecycle'].map((name) => told.get(`luna_process_up{process="${name}"}`)), [1, 1, 0]);
    assert.ok((told.get('process_resident_memory_bytes{process="dns"}') ?? 0) > 0);
    assert.deepEqual([...(await readMetrics(folder)).keys()], ['boot']);
    assert.deepEqual([...(await readMetrics(join(folder, 'missing'))).keys()], []);
  });
});
