import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { dhclient, udhcpc, udhcpcSettings } from '../support/dhcp-clients.ts';
import { br0, createLan, type Lan, type LanHost, type LanServices } from '../support/lan.ts';

// Two networks on two devices of the controller, and one that it reaches only through ISC's relay, at once.

const br1 = { name: 'br1', address: '10.78.0.1', network: { id: 'n2', base: '10.78.0.0', prefix: 24, range: { first: '10.78.0.100', last: '10.78.0.120' } } };
const far = { id: 'n3', base: '10.79.0.0', prefix: 24, range: { first: '10.79.0.100', last: '10.79.0.120' }, gateway: '10.79.0.1' };
const rom = ['-V', 'PXEClient:Arch:00000:UNDI:002001'];
let lan: Lan;
let boot: LanServices;
let relay: LanHost;
let dhcrelay: ChildProcess;

before(async () => {
  lan = await createLan();
  boot = await lan.serve({ interfaces: [br0, br1], relayed: [far] });
  relay = await lan.host('52:54:00:77:02:fe');
  await relay.run('sh', '-c', [
    'ip addr add 10.77.0.250/24 dev eth0', 'ip link add far0 type bridge stp_state 0 forward_delay 0', 'ip addr add 10.79.0.1/24 dev far0', 'ip link set far0 up',
    'echo 1 > /proc/sys/net/ipv4/ip_forward', 'ip link set lo up',
  ].join('\n'));
  await lan.controller.run('ip', 'route', 'add', '10.79.0.0/24', 'via', '10.77.0.250');
  const child = spawn('ip', ['netns', 'exec', relay.namespace, 'dhcrelay', '-4', '-d', '-a', '-id', 'far0', '-iu', 'eth0', '10.77.0.1'], { stdio: ['ignore', 'ignore', 'pipe'] });
  dhcrelay = child;
  const heard: string[] = [];
  // Its last line when all sockets are open.
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      heard.push(line);
      if (line.startsWith('Sending on   Socket/fallback')) resolve();
    });
    setTimeout(() => { reject(new Error(`dhcrelay is not ready: ${heard.join('\n')}`)); }, 15_000).unref();
  });
});
after(async () => {
  dhcrelay.kill('SIGKILL');
  await lan.remove();
});

/** A machine behind the relay. */
async function farHost(mac: string): Promise<LanHost> {
  const host = await lan.host(mac, null);
  const port = `p${mac.slice(-2)}`;
  await relay.run('ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host.namespace);
  await relay.run('ip', 'link', 'set', port, 'master', 'far0', 'up');
  await host.run('ip', 'link', 'set', 'eth0', 'address', mac, 'up');
  return host;
}

describe('two networks on two devices and one behind a relay', () => {
  it('give their machines addresses of their own all at once', async () => {
    const tails = ['01', '02', '03', '04'];
    const here = await Promise.all(tails.map((tail) => lan.host(`52:54:00:77:20:${tail}`)));
    const there = await Promise.all(tails.map((tail) => lan.host(`52:54:00:77:21:${tail}`, 'br1')));
    const beyond = await Promise.all(tails.map((tail) => farHost(`52:54:00:77:22:${tail}`)));

    const addresses = await Promise.all([...here, ...there, ...beyond].map((host) => udhcpc(host, ...rom)));

    assert.deepEqual(addresses.map((one) => one?.split('.').slice(0, 3).join('.')), [
      ...tails.map(() => '10.77.0'), ...tails.map(() => '10.78.0'), ...tails.map(() => '10.79.0'),
    ]);
    assert.equal(new Set(addresses).size, 12);
  });

  it('give a declared machine behind the relay its address and what it needs there', async () => {
    const mac = '52:54:00:77:22:11';
    const host = await farHost(mac);
    await boot.command({ reserve: { mac, ip: '10.79.0.5', hostname: 'node005' } });

    const settings = await udhcpcSettings(host, ...rom);

    assert.deepEqual([settings['ip'], settings['router'], settings['subnet']], ['10.79.0.5', '10.79.0.1', '255.255.255.0']);
    // Behind a router the controller is known by the address that the relay was told.
    assert.deepEqual([settings['siaddr'], settings['boot_file']], ['10.77.0.1', 'undionly.kpxe']);
    assert.match(await dhclient(host), /bound to 10\.79\.0\.5/);
  });

  it('echo the relay’s option 82 and keep it as a fact', async () => {
    const mac = '52:54:00:77:22:12';
    const host = await farHost(mac);
    await boot.command({ reserve: { mac, ip: '10.79.0.6', hostname: 'node006' } });
    const since = boot.events.length;

    // Told to add it (-a), the relay drops a reply that doesn't carry it as it was sent (RFC 3046 §2.1).
    assert.equal(await udhcpc(host), '10.79.0.6');
    const record = boot.events.slice(since).find(({ event, mac: of }) => event === 'seen' && of === mac);
    const { relay: from, circuit } = record?.['facts'] as Record<string, unknown>;
    assert.deepEqual([from, circuit], ['10.79.0.1', 'far0']);
  });

  it('refuse a machine behind the relay an address it brings from elsewhere', async () => {
    const mac = '52:54:00:77:22:13';
    const host = await farHost(mac);
    await boot.command({ reserve: { mac, ip: '10.79.0.7', hostname: 'node007' } });
    await dhclient(host);
    await boot.command({ reserve: { mac, ip: '10.79.0.8', hostname: 'node007' } });

    const output = await dhclient(host);

    assert.match(output, /DHCPNAK/);
    assert.match(output, /bound to 10\.79\.0\.8/);
  });
});
