import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { dhclient, dhcpcd, networkd, nmapDiscover, perfdhcp, udhcpc, udhcpcSettings } from '../support/dhcp-clients.ts';
import { br0, createLan, type Lan, type LanHost, type LanServices } from '../support/lan.ts';

// Conformance: what the RFCs promise, as clients that are not luna's see it.

const network = {
  ...br0.network, gateway: '10.77.0.1', dns: ['10.77.0.2'], domain: 'cluster', search: ['cluster', 'ipmi'], mtu: 1400, routes: [{ to: '10.99.0.0/16', via: '10.77.0.9' }],
};
const mac = '52:54:00:77:01:01';
const directory = mkdtempSync(join(tmpdir(), 'luna-dhcp-'));
const pidFile = join(directory, 'pid');
let lan: Lan;
let boot: LanServices;
let host: LanHost;

before(async () => {
  lan = await createLan();
  boot = await lan.serve({ interfaces: [{ ...br0, network }] });
  host = await lan.host(mac);
  await boot.command({ reserve: { mac, ip: '10.77.0.5', hostname: 'node001' } });
});
after(async () => {
  await lan.remove();
  rmSync(directory, { recursive: true });
});

/** What was seen since, as `DISCOVER → OFFER 10.77.0.5`. */
function seen(since: number): string[] {
  return boot.events.slice(since).filter(({ event }) => event === 'seen').map(({ saw, answered }) => `${String(saw)} → ${String(answered)}`);
}

/** Waits for what was seen. */
function untilSeen(since: number, line: string): Promise<void> {
  return until(() => seen(since).includes(line), () => [line, ...seen(since)]);
}

/** Waits at most 15 s; `what` is told when it was in vain. */
async function until(isSo: () => boolean, what: () => string[]): Promise<void> {
  const deadline = AbortSignal.timeout(15_000);
  while (!isSo()) {
    if (deadline.aborted) throw new Error(`waited in vain: ${JSON.stringify(what())}`);
    await sleep(20);
  }
}

describe('one machine, one address', () => {
  it('udhcpc is given it', async () => assert.equal(await udhcpc(host), '10.77.0.5'));

  it('udhcpc as a PXE ROM is given it, with a boot file', async () => {
    const settings = await udhcpcSettings(host, '-V', 'PXEClient:Arch:00007:UNDI:003016', '-x', '0x5d:0007');

    assert.equal(settings['ip'], '10.77.0.5');
    assert.equal(settings['boot_file'], 'snponly.efi');
    assert.equal(settings['siaddr'], '10.77.0.1');
  });

  it('dhclient is given it, and again when it comes back with its lease (INIT-REBOOT)', async () => {
    assert.match(await dhclient(host), /bound to 10\.77\.0\.5/);
    const since = boot.events.length;

    assert.match(await dhclient(host), /bound to 10\.77\.0\.5/);
    assert.deepEqual(seen(since), ['REQUEST 10.77.0.5 → ACK 10.77.0.5']);
  });

  it('dhcpcd is given it by its DUID, which it gets back (RFC 4361, RFC 6842)', async () => {
    assert.match(await dhcpcd(host), /leased 10\.77\.0\.5 for 3600 seconds/);
  });

  it('systemd-networkd is given it by a DUID of another kind', async () => {
    const lease = await networkd(host);

    assert.equal(lease['ADDRESS'], '10.77.0.5');
    assert.equal(lease['SERVER_ADDRESS'], '10.77.0.1');
  });

  it('nmap is offered it', async () => assert.match(await nmapDiscover(host, mac), /IP Offered: 10\.77\.0\.5/));
});

describe('settings', () => {
  it('reach udhcpc', async () => {
    const settings = await udhcpcSettings(host, '-O', 'search', '-O', 'staticroutes', '-O', 'mtu');

    assert.equal(settings['router'], '10.77.0.1');
    assert.equal(settings['dns'], '10.77.0.2');
    assert.equal(settings['search'], 'cluster ipmi');
    assert.equal(settings['mtu'], '1400');
    // RFC 3442: a client that takes these ignores the router option, so the default route is among them.
    assert.equal(settings['staticroutes'], '10.99.0.0/16 10.77.0.9 0.0.0.0/0 10.77.0.1');
  });

  it('reach dhcpcd and systemd-networkd as routes', async () => {
    assert.match(await dhcpcd(host), /adding route to 10\.99\.0\.0\/16 via 10\.77\.0\.9[\s\S]*adding default route via 10\.77\.0\.1/);
    assert.equal((await networkd(host))['CLASSLESS_ROUTES'], '10.99.0.0/16,10.77.0.9 0.0.0.0/0,10.77.0.1');
  });
});

describe('the life of a lease', () => {
  it('is renewed by unicast, and given back', async () => {
    const stranger = await lan.host('52:54:00:77:01:02');
    const ip = await udhcpc(stranger, '-V', 'PXEClient:Arch:00000:UNDI:002001');
    assert.ok(ip);
    const since = boot.events.length;
    const bound = join(directory, 'bound');
    const script = join(directory, 'script');
    writeFileSync(script, `#!/bin/sh\n[ "$1" = bound ] && ip addr add $ip/24 dev eth0 && touch ${bound}\nexit 0\n`, { mode: 0o755 });
    // It renews when it is told to, and with -R gives the lease back when it is ended.
    const client = stranger.run('udhcpc', '-i', 'eth0', '-f', '-R', '-t', '5', '-T', '2', '-p', pidFile, '-s', script);
    await until(() => existsSync(bound), () => seen(since));
    const renewal = boot.events.length;
    await stranger.run('sh', '-c', `kill -USR1 $(cat ${pidFile})`);
    await untilSeen(renewal, `REQUEST ${ip} → ACK ${ip}`);
    await stranger.run('sh', '-c', `kill $(cat ${pidFile})`);
    await client;

    await untilSeen(renewal, `RELEASE ${ip} → null`);
  });

  it('is told to a machine that has its address from elsewhere (INFORM)', async () => {
    await host.run('ip', 'addr', 'add', '10.77.0.5/24', 'dev', 'eth0');
    const since = boot.events.length;
    const output = await dhcpcd(host, '--inform=10.77.0.5/24');
    await host.run('ip', 'addr', 'flush', 'dev', 'eth0');

    assert.match(output, /received approval for 10\.77\.0\.5|acknowledged 10\.77\.0\.5/);
    assert.deepEqual(seen(since).slice(0, 1), ['INFORM 10.77.0.5 → ACK']);
  });
});

describe('four machines that are switched on together', () => {
  it('never share an offer', async () => {
    const macs = ['11', '12', '13', '14'].map((tail) => `52:54:00:77:01:${tail}`);
    const hosts = await Promise.all(macs.map((one) => lan.host(one)));
    const addresses = await Promise.all(hosts.map((one) => udhcpc(one, '-V', 'PXEClient:Arch:00007:UNDI:003016')));

    assert.equal(addresses.every((one) => one !== undefined), true);
    assert.equal(new Set(addresses).size, 4);
  });
});

describe('twelve machines behind a relay that ask as fast as perfdhcp', () => {
  it('are all given an address, each its own', async () => {
    const relay = await lan.host('52:54:00:77:01:21');

    const counted = await perfdhcp(relay, '10.77.0.240', 12);

    assert.deepEqual(counted.map((one) => [one['received packets'], one['non unique addresses'], one['drops']]), [[12, 0, 0], [12, 0, 0]]);
  });
});
