import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { message, option } from '../../infra/boot/dhcp/options.ts';
import { dhclient, udhcpcSettings } from '../support/dhcp-clients.ts';
import { br0, createLan, type Lan, type LanHost, type LanServices } from '../support/lan.ts';
import type { PxeBoot, PxeClient } from '../support/pxe-client.ts';

// A site that has its DHCP server already: dnsmasq gives the addresses and knows nothing of booting, luna only says what to boot.

const foreign = '10.77.0.9';
let lan: Lan;
let boot: LanServices;
let dnsmasq: ChildProcess;

before(async () => {
  lan = await createLan();
  // The network has a range and reservations; beside another server they are nobody's.
  boot = await lan.serve({ services: ['dhcp', 'tftp'], interfaces: [{ ...br0, network: { ...br0.network, dhcp: 'proxy' } }] });
  const host = await lan.host('52:54:00:77:30:fe');
  await host.run('ip', 'addr', 'add', `${foreign}/24`, 'dev', 'eth0');
  dnsmasq = await startDnsmasq(host);
});
after(async () => {
  dnsmasq.kill('SIGKILL');
  await lan.remove();
});

/** Gives 10.77.0.150 to .170, without a word on booting. */
async function startDnsmasq(host: LanHost): Promise<ChildProcess> {
  const child = spawn('ip', [
    'netns', 'exec', host.namespace, 'dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--interface=eth0', '--bind-interfaces', '--user=root',
    '--dhcp-range=10.77.0.150,10.77.0.170,255.255.255.0', '--dhcp-authoritative', '--leasefile-ro', '--no-ping', '--log-facility=-', '--pid-file=',
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      // Its last line when its sockets are open.
      if (line.includes('sockets bound exclusively')) resolve();
    });
    setTimeout(() => { reject(new Error(`dnsmasq is not ready: ${said.join('\n')}`)); }, 15_000).unref();
  });
  return child;
}

/** Boots a ROM on a machine of its own. */
async function pxe(client: PxeClient): Promise<PxeBoot> {
  const host = await lan.host(client.mac);
  // A card without an address hears no broadcast of a host that it has no route to, where the kernel filters by that.
  await host.run('sh', '-c', 'for one in all eth0; do echo 0 > /proc/sys/net/ipv4/conf/$one/rp_filter; done');
  const output = await host.run(process.execPath, join(import.meta.dirname, '..', 'support', 'pxe-client.ts'), JSON.stringify(client));
  try {
    return JSON.parse(output) as PxeBoot;
  } catch {
    throw new Error(output);
  }
}

/** All that luna was asked by a machine, and its answers, once it has been asked so often. */
async function answers(mac: string, atLeast: number): Promise<string[]> {
  const deadline = AbortSignal.timeout(15_000);
  for (;;) {
    const seen = boot.events.filter((one) => one.event === 'seen' && one['mac'] === mac).map(({ saw, answered }) => `${String(saw)} → ${String(answered)}`);
    if (seen.length >= atLeast) return seen;
    if (deadline.aborted) throw new Error(`waited in vain: ${JSON.stringify(seen)}`);
    await sleep(20);
  }
}

/** A reply that names a boot file and gives no address. */
const bare = (file: string, vendorClass = 'PXEClient') => ({ server: br0.address, address: '0.0.0.0', nextServer: br0.address, file, vendorClass, hasLease: false });

const roms = [
  { name: 'UEFI', mac: '52:54:00:77:30:01', capture: 'ovmf-discover', file: 'snponly.efi' },
  { name: 'a BIOS ROM', mac: '52:54:00:77:30:02', capture: 'ipxe-bios-rom-discover', without: [option.userClass, option.ipxe], file: 'undionly.kpxe' },
  { name: 'iPXE', mac: '52:54:00:77:30:03', capture: 'ipxe-snponly-discover', file: 'http://10.77.0.1:7050/luna?step=boot&mac=52:54:00:77:30:03' },
  { name: 'UEFI that boots over HTTP', mac: '52:54:00:77:30:08', capture: 'ovmf-http-discover', file: 'http://10.77.0.1:7050/boot/ipxe/snponly.efi', vendorClass: 'HTTPClient' },
];

describe('beside another DHCP server', () => {
  for (const { name, file, vendorClass, ...client } of roms) {
    it(`${name} has its address from that one, and its boot file from luna at both of its ports`, async () => {
      const { offers, ack, bootServer } = await pxe(client);

      const said = (server: string) => offers.filter(({ from }) => from === `${server}:67`);
      // A client that asks again under load hears the same again.
      const ours = said(br0.address);
      assert.deepEqual(ours, ours.map(() => ({ ...bare(file, vendorClass), from: `${br0.address}:67`, type: message.offer })));
      assert.match(said(foreign)[0]?.address ?? '', /^10\.77\.0\.1[5-7]\d$/);
      assert.equal(said(foreign)[0]?.file, '');
      assert.equal(ours.length + said(foreign).length, offers.length);
      assert.deepEqual([ack.server, ack.address], [foreign, said(foreign)[0]?.address]);
      assert.deepEqual(bootServer, { ...bare(file, vendorClass), from: `${br0.address}:4011`, type: message.ack });
    });
  }

  it('the file that a ROM was told is there to be fetched', async () => {
    const host = await lan.host('52:54:00:77:30:04');
    await host.run('ip', 'addr', 'add', '10.77.0.4/24', 'dev', 'eth0');

    assert.match(await host.run('curl', '-sS', '-o', '/dev/null', '-w', '%{size_download}', 'tftp://10.77.0.1/undionly.kpxe'), /^[1-9]\d{4,}$/);
  });

  it('a declared machine too has its address from that one', async () => {
    const mac = '52:54:00:77:30:05';
    await boot.command({ reserve: { mac, ip: '10.77.0.5', hostname: 'node005' } });

    const { offers, ack } = await pxe({ mac, capture: 'ovmf-discover' });

    assert.deepEqual([...new Set(offers.filter(({ address }) => address !== '0.0.0.0').map(({ server }) => server))], [foreign]);
    assert.notEqual(ack.address, '10.77.0.5');
  });

  it('udhcpc and dhclient on declared machines hear of that one alone', async () => {
    const [one, other] = ['52:54:00:77:30:06', '52:54:00:77:30:07'] as const;
    await boot.command({ reserve: { mac: one, ip: '10.77.0.6', hostname: 'node006' } });
    await boot.command({ reserve: { mac: other, ip: '10.77.0.7', hostname: 'node007' } });
    const settings = await udhcpcSettings(await lan.host(one));
    const output = await dhclient(await lan.host(other));

    assert.deepEqual([settings['serverid'], settings['boot_file'], settings['siaddr']], [foreign, undefined, foreign]);
    assert.match(output, /bound to 10\.77\.0\.1[5-7]\d/);
    assert.deepEqual([...new Set([...output.matchAll(/DHCP(?:OFFER|ACK) of \S+ from (\S+)/g)].map(([, server]) => server))], [foreign]);
    for (const mac of [one, other]) assert.deepEqual((await answers(mac, 2)).filter((line) => !line.endsWith('→ null')), []);
  });

  it('luna has given nobody an address', () => {
    assert.deepEqual(boot.events.filter(({ event }) => event === 'leases'), []);
    const answered = boot.events.filter(({ event, service }) => event === 'seen' && service === 'proxydhcp').map((one) => one['answered']);
    assert.deepEqual(answered.filter((one) => one !== null && !(typeof one === 'string' && /^PROXY-(OFFER|ACK), boot file/.test(one))), []);
    assert.ok(answered.length > 10);
  });
});
