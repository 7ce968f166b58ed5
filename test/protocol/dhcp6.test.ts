import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ipxeDirectory } from '../../infra/boot/tftp/files.ts';
import { createLan, type Lan, type LanHost, type LanServices } from '../support/lan.ts';

const node001 = '52:54:00:76:00:01';
const node002 = '52:54:00:76:00:02';
/** perfdhcp's made-up machines: `-R` of them, counted up from this one. */
const crowd = Array.from({ length: 40 }, (_, i) => `00:0c:01:02:03:${(4 + i).toString(16).padStart(2, '0')}`);
const directory = mkdtempSync(join(tmpdir(), 'luna-dhcp6-'));
chmodSync(directory, 0o755); // systemd-networkd gives up root before it reads its files
const file = (name: string, text: string, mode = 0o644): string => {
  writeFileSync(join(directory, name), text, { mode });
  return join(directory, name);
};
const noScript = file('no-script', '#!/bin/sh\nexit 0\n', 0o755);

let lan: Lan;
let machine: LanHost;
let boot: LanServices;

before(async () => {
  lan = await createLan();
  await lan.controller.run('ip', 'addr', 'add', 'fd00:76::1/64', 'dev', 'br0', 'nodad');
  machine = await lan.host(node001);
  const network = { prefix: 64, provision: true };
  const near = { id: 'near', name: 'BOOTIF', network6: 'boot6' };
  boot = await lan.serve6({
    networks: { boot6: { ...network, network: 'fd00:76::', dns: ['fd00:76::1'], mtu: 1400 }, far6: { ...network, network: 'fd00:86::' } },
    groups: { compute: { osimage: 'any', domain: 'boot6', interfaces: [near] }, far: { osimage: 'any', domain: 'far6', interfaces: [{ ...near, id: 'far', network6: 'far6' }] } },
    nodes: {
      node001: { group: 'compute', addresses6: { near: '257' } },
      node002: { group: 'far', addresses6: { far: '258' } },
      ...Object.fromEntries(crowd.map((_, i) => [`crowd${i}`, { group: 'compute', addresses6: { near: String(4096 + i) } }])),
    },
    macs: { [node001]: 'node001', [node002]: 'node002', ...Object.fromEntries(crowd.map((mac, i) => [mac, `crowd${i}`])) },
  });
  await settle(machine);
});
after(async () => {
  await lan.remove();
  rmSync(directory, { recursive: true });
});

/** ISC's client; all it said. It is ended, and what it was given forgotten. */
async function dhclient(host: LanHost, device = 'eth0', ...args: string[]): Promise<string> {
  const files = join(directory, `${host.namespace}-${device}`);
  const output = await host.run('timeout', '50', 'dhclient', '-6', '-v', '-1', '-sf', noScript, '-lf', `${files}.leases`, '-pf', `${files}.pid`, ...args, device);
  await host.run('sh', '-c', `kill $(cat ${files}.pid); rm -f ${files}.leases`);
  return output;
}

/** Runs a script where what programs keep in /run and /var is its own. */
function alone(host: LanHost, script: string): Promise<string> {
  return host.run('unshare', '--mount', '--uts', '--propagation', 'private', 'sh', '-c', `mount -t tmpfs none /run\n${script}`);
}

/** Waits until the card's link-local address has been checked for duplicates; nothing can be sent from it before. */
async function settle(host: LanHost, device = 'eth0'): Promise<LanHost> {
  await host.run('sh', '-c', `for try in $(seq 200); do ip -6 addr show dev ${device} scope link -tentative | grep -q fe80 && break; sleep 0.2; done`);
  return host;
}

describe('DHCPv6 among real clients', () => {
  it('gives a declared machine its address: dhclient', async () => {
    const output = await dhclient(machine);

    assert.match(output, /IAADDR fd00:76::101/);
    assert.match(output, /Bound to lease/);
  });

  it('gives a declared machine its address: dhcpcd', async () => {
    const config = file('dhcpcd.conf', 'duid ll\nia_na\nscript /bin/true\n');

    const output = await alone(machine, `mount -t tmpfs none /var/lib/dhcpcd\ntimeout 50 dhcpcd -6 -1 -B -d -f ${config} eth0`);

    assert.match(output, /adding address fd00:76::101\/128/);
    assert.match(output, /renew in 1800, rebind in 2880, expire in 7200 seconds/);
  });

  it('gives a declared machine its address, by rapid commit: systemd-networkd', async () => {
    file('10-eth0.network', '[Match]\nName=eth0\n[Network]\nDHCP=ipv6\nIPv6AcceptRA=yes\n[DHCPv6]\nDUIDType=link-layer\nUseHostname=no\n');
    // Read-only /sys: it would wait for udev otherwise.
    const output = await alone(machine, `mkdir -p /run/systemd/netif/links /run/systemd/netif/leases
      chmod -R go+rwX /run/systemd
      mount -o remount,ro,bind /sys
      mkdir -p /etc/systemd/network
      mount --bind ${directory} /etc/systemd/network
      ip -6 addr flush dev eth0 scope global
      SYSTEMD_LOG_LEVEL=debug timeout 50 /usr/lib/systemd/systemd-networkd > ${directory}/networkd.log 2>&1 &
      for try in $(seq 200); do ip -6 addr show dev eth0 | grep -q fd00:76::101/128 && break; sleep 0.2; done
      ip -6 addr show dev eth0
      kill $!`);

    const log = readFileSync(join(directory, 'networkd.log'), 'utf8');
    assert.match(output, /fd00:76::101\/128/, log);
    assert.match(log, /State changed: solicitation -> bound/);
  });

  it('keeps silent for a machine that is not declared: nmap’s discovery of servers', async () => {
    const stranger = await settle(await lan.host('52:54:00:76:00:77'));

    const output = await stranger.run('nmap', '-6', '--script', 'broadcast-dhcp6-discover', '-e', 'eth0');

    assert.doesNotMatch(output, /fd00:76/);
    assert.ok(boot.events.some(({ event, mac, saw, why }) => event === 'seen' && mac === '52:54:00:76:00:77' && saw === 'SOLICIT' && why === 'unknown machine'), output);
  });

  it('tells nmap’s discovery of servers on a declared machine what it tells every client', async () => {
    assert.match(await machine.run('nmap', '-6', '--script', 'broadcast-dhcp6-discover', '-e', 'eth0'), /DNS Servers: fd00:76::1/);
  });

  it('serves perfdhcp’s crowd without a drop', async () => {
    const output = await machine.run('perfdhcp', '-6', '-l', 'eth0', '-r', '50', '-R', '40', '-n', '200', '-d', '10', '-W', '5000000', '-x', 'i');

    const exchanges = [...output.matchAll(/sent packets: (\d+)\s+received packets: (\d+)\s+drops: (-?\d+)/g)].map(([, sent, received, drops]) => [sent, received, drops]);
    assert.deepEqual(exchanges, [['200', '200', '0'], ['200', '200', '0']], output);
  });
});

describe('DHCPv6 behind a relay (dhcrelay)', () => {
  it('gives a machine the address of its own network', async () => {
    const relay = await lan.host('52:54:00:76:00:88');
    const far = await lan.host('52:54:00:76:00:99', 'br1');
    await relay.run('ip', 'link', 'add', 'down0', 'type', 'veth', 'peer', 'name', 'eth1', 'netns', far.namespace);
    await far.run('ip', 'link', 'set', 'eth1', 'address', node002, 'up');
    await relay.run('ip', 'addr', 'add', 'fd00:76::5/64', 'dev', 'eth0', 'nodad');
    await relay.run('ip', 'addr', 'add', 'fd00:86::1/64', 'dev', 'down0', 'nodad');
    await relay.run('ip', 'link', 'set', 'down0', 'up');
    await settle(relay, 'down0');
    await settle(far, 'eth1');
    await relay.run('dhcrelay', '-6', '-pf', join(directory, 'relay.pid'), '-l', 'down0', '-u', 'fd00:76::1%eth0');

    const output = await dhclient(far, 'eth1');

    assert.match(output, /IAADDR fd00:86::102/);
    assert.ok(boot.events.some(({ event, nodeId, saw }) => event === 'seen' && nodeId === 'node002' && /^REQUEST by relay fd00:76::5/.test(String(saw))));
  });
});

describe('the router advertisement of a declared network', () => {
  it('tells rdisc6 that addresses come by DHCPv6, with prefix, MTU and name server', async () => {
    const output = await machine.run('rdisc6', '-1', '-w', '20000', 'eth0');

    for (const fact of [/Stateful address conf.\s+:\s+Yes/, /Router lifetime\s+:\s+0 /, /Prefix\s+: fd00:76::\/64/, /On-link\s+:\s+Yes/, /Autonomous address conf.:\s+No/, /MTU\s+:\s+1400/, /Recursive DNS server\s+: fd00:76::1/]) {
      assert.match(output, fact);
    }
  });
});

describe('what a machine boots, over IPv6', () => {
  before(() => machine.run('ip', 'addr', 'replace', 'fd00:76::101/64', 'dev', 'eth0', 'nodad'));

  it('comes by TFTP: curl and atftp', async () => {
    const sum = createHash('sha256').update(readFileSync(join(ipxeDirectory, 'snponly.efi'))).digest('hex');
    const [byCurl, byAtftp] = [join(directory, 'by-curl'), join(directory, 'by-atftp')];

    await machine.run('timeout', '50', 'curl', '-sgo', byCurl, 'tftp://[fd00:76::1]/snponly.efi');
    await machine.run('timeout', '50', 'atftp', '-g', '-r', 'snponly.efi', '-l', byAtftp, 'fd00:76::1', '69');

    for (const path of [byCurl, byAtftp]) assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), sum, path);
  });

  it('is a script by HTTP: curl', async () => {
    assert.match(await machine.run('curl', '-sg', '-m', '50', `http://[fd00:76::1]:7050/luna?step=boot&mac=${node001}`), /^#!ipxe\n# \/luna\?step=boot/);
  });
});
