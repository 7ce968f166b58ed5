import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dhcpPlan } from '../../domain/dhcp-plan.ts';
import type { Site } from '../../domain/site.ts';
import { Cli } from '../support/cli.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { plainSite } from '../support/plain-site.ts';
import { startStubApi } from '../support/stub-api.ts';

const KNOWN = '52:54:00:77:00:05';

/** The site of a Lan: one network, one node with a card that is known. */
function declared(): Site {
  return plainSite({
    cluster: { frontend_address: '10.77.0.1' },
    networks: { cluster: { network: '10.77.0.0', prefix: 24, dns: ['10.77.0.1'], dhcp_start: 100, dhcp_end: 120 } },
    groups: { compute: { osimage: 'x', interfaces: [{ id: 'i', name: 'BOOTIF', network: 'cluster' }] } },
    nodes: { node001: { group: 'compute', addresses: { i: 5 } } },
    macs: { [KNOWN]: 'node001', '52:54:00:77:00:06': 'node001' },
  });
}

const why = process.getuid?.() !== 0 ? 'needs root for namespaces' : ['/usr/sbin/kea-dhcp4', '/usr/sbin/dhcpd'].every((path) => existsSync(path)) ? false : 'needs kea-dhcp4-server and isc-dhcp-server';

describe('luna cluster makedhcp', { skip: why, timeout: 120_000 }, () => {
  let dir: string;
  let site: Site;
  let cli: Cli;
  let api: Awaited<ReturnType<typeof startStubApi>>;
  let lan: Lan;
  const patched: unknown[] = [];

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'makedhcp-'));
    site = declared();
    api = await startStubApi((call, body) => {
      if (call.startsWith('PATCH')) return { json: patched.push(body) };
      return call === 'GET /dhcp' ? { json: dhcpPlan(site) } : undefined;
    });
    cli = new Cli(api.dataDir);
    lan = await createLan();
  });
  after(async () => {
    await lan.remove();
    await cli.stop();
    await api.stop();
    rmSync(dir, { recursive: true });
  });

  const make = (...argv: string[]) => cli.run('cluster', 'makedhcp', ...argv);

  it('sets the range of a network, as Luna 1 did', async () => {
    await make('-N', 'cluster', '-s', '10.77.0.100', '-e', '10.77.0.120', '--server', 'isc', '--output', join(dir, 'range.conf'));

    assert.deepEqual(patched, [{ dhcp_start: '10.77.0.100', dhcp_end: '10.77.0.120' }, { dhcp_net: 'cluster' }]);
    assert.match((await make('-N', 'cluster', '-s', '10.77.0.100')).stderr, /go together/);
  });

  it('keeps what was there before luna, and touches nothing that is as it should be', async () => {
    const file = join(dir, 'kept.conf');
    writeFileSync(file, '# the administrator wrote this\n');

    assert.match((await make('--server', 'isc', '--output', file)).stdout, /^Kept what was there before as .*kept\.conf\.before-luna\.\n.*: written, networks: 1, reservations: 2\.\n/);
    assert.match((await make('--server', 'isc', '--output', file)).stdout, /^.*: as it should be, /);
    assert.equal(readFileSync(`${file}.before-luna`, 'utf8'), '# the administrator wrote this\n');
  });

  for (const [server, old] of [['kea', '{}'], ['isc', '# old']] as const) {
    it(`leaves the file of ${server} as it was when the server refuses the new one`, async (t) => {
      const file = join(dir, `refused-${server}`);
      writeFileSync(file, old);
      const [cluster] = site.networks.values();
      t.after(() => { if (cluster) cluster.dns = ['10.77.0.1']; });
      if (cluster) cluster.dns = ['10.77.0.1;x{'];
      const { code, stderr } = await make('--server', server, '--output', file);

      assert.equal(code, 255);
      assert.match(stderr, /refuses its configuration, so nothing was changed:/);
      assert.equal(readFileSync(file, 'utf8'), old);
      assert.ok(!existsSync(`${file}.before-luna`) && !existsSync(`${file}.luna-new`));
    });
  }

  const servers: [name: string, args: (file: string) => string[], ready: RegExp][] = [
    ['kea', (file) => ['env', `KEA_LOCKFILE_DIR=${dir}`, `KEA_PIDFILE_DIR=${dir}`, 'kea-dhcp4', '-c', file], /DHCP4_STARTED/],
    ['isc', (file) => ['dhcpd', '-4', '-f', '-d', '-cf', file, '-lf', `${file}.leases`, '-pf', `${file}.pid`, 'br0'], /Server starting service/],
  ];
  for (const [name, args, ready] of servers) {
    it(`has machines boot from ${name} as from luna's own server`, async (t) => {
      const file = join(dir, `${name}.conf`);
      assert.equal((await make('--server', name, '--output', file)).code, 0);
      writeFileSync(`${file}.leases`, '');
      // The one thing that is not as on a real machine: where Kea keeps its leases.
      writeFileSync(file, readFileSync(file, 'utf8').replace('"type": "memfile",', `"type": "memfile", "name": "${join(dir, 'kea-leases.csv')}",`));
      const server = spawn('ip', ['netns', 'exec', lan.controller.namespace, ...args(file)], { stdio: ['ignore', 'pipe', 'pipe'] });
      t.after(async () => {
        server.kill();
        if (server.exitCode === null) await once(server, 'exit');
      });
      await new Promise<void>((resolve, reject) => {
        let said = '';
        for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => { if (ready.test(said += chunk.toString())) resolve(); });
        server.once('exit', () => { reject(new Error(said)); });
      });
      const script = join(dir, 'print.sh');
      writeFileSync(script, '#!/bin/sh\n[ "$1" != bound ] || echo "got $ip $siaddr ${boot_file:-none} ${opt175:-}"\n', { mode: 0o755 });
      const ask = async (mac: string, ...more: string[]): Promise<string> => {
        const host = await lan.host(mac);
        const output = await host.run('udhcpc', '-i', 'eth0', '-n', '-q', '-f', '-t', '5', '-T', '1', '-s', script, ...more);
        return /^got (.*)$/m.exec(output)?.[1]?.trim() ?? output;
      };
      const pxe = (arch: string) => ['-V', 'PXEClient:Arch', '-x', `0x5d:${arch}`];

      assert.equal(await ask(KNOWN, ...pxe('0000')), '10.77.0.5 10.77.0.1 undionly.kpxe');
      assert.equal(await ask(KNOWN, ...pxe('0007')), '10.77.0.5 10.77.0.1 snponly.efi');
      assert.match(await ask('52:54:00:77:01:01', ...pxe('0009'), '-x', `0x4d:${Buffer.from('iPXE').toString('hex')}`, '-O', '175'), /^10\.77\.0\.1(0\d|1\d|20) 10\.77\.0\.1 http:\/\/10\.77\.0\.1:7050\/luna\?step=boot&mac=\$\{mac\}( b00101)?$/);
      assert.match(await ask('52:54:00:77:01:02'), /^10\.77\.0\.1(0\d|1\d|20) \S* ?none$/);
    });
  }
});
