import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { br0, createLan, type Lan, type LanHost, type LanServices } from '../support/lan.ts';

let lan: Lan;
let boot: LanServices;
const directory = mkdtempSync(join(tmpdir(), 'luna-dhcp-'));
const leases = join(directory, 'leases');
const noScript = join(directory, 'no-script');
writeFileSync(noScript, '#!/bin/sh\nexit 0\n', { mode: 0o755 });

before(async () => {
  lan = await createLan();
  boot = await lan.serve({ leases });
});
after(async () => {
  await lan.remove();
  rmSync(directory, { recursive: true });
});

/** busybox's client, as a PXE ROM if wanted; the address it got. */
async function udhcpc(host: LanHost, ...args: string[]): Promise<string | undefined> {
  const output = await host.run('udhcpc', '-i', 'eth0', '-n', '-q', '-f', '-t', '3', '-T', '1', '-s', '/bin/true', ...args);
  return /lease of (\S+) obtained/.exec(output)?.[1];
}

/** ISC's client; all it said. It remembers its lease between calls. */
async function dhclient(host: LanHost): Promise<string> {
  const files = join(directory, host.namespace);
  const output = await host.run('dhclient', '-4', '-1', '-v', '-sf', noScript, '-lf', `${files}.leases`, '-pf', `${files}.pid`, 'eth0');
  await host.run('sh', '-c', `kill $(cat ${files}.pid)`);
  return output;
}

const pxe = ['-V', 'PXEClient:Arch:00007:UNDI:003001'];

describe('a DHCP server among real clients', () => {
  it('gives a declared machine its address, whichever client asks', async () => {
    const host = await lan.host('52:54:00:77:00:01');
    await boot.command({ reserve: { mac: '52:54:00:77:00:01', ip: '10.77.0.5', hostname: 'node001' } });

    assert.equal(await udhcpc(host), '10.77.0.5');
    assert.match(await dhclient(host), /bound to 10\.77\.0\.5/);
  });

  it('keeps silent for an unknown operating system and notes that it was there', async () => {
    const host = await lan.host('52:54:00:77:00:02');
    const since = boot.events.length;

    assert.equal(await udhcpc(host, '-t', '1'), undefined);
    assert.equal((await boot.until('dhcp.discovered', since))['mac'], '52:54:00:77:00:02');
  });

  it('gives unknown boot programs that ask together an address each, and keeps it for the operating system', async () => {
    const macs = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((tail) => `52:54:00:77:00:${tail}`);
    const hosts = await Promise.all(macs.map((mac) => lan.host(mac)));
    const addresses = await Promise.all(hosts.map((host) => udhcpc(host, ...pxe)));

    assert.equal(new Set(addresses).size, 6);
    assert.equal(addresses.every((address) => address?.startsWith('10.77.0.1')), true);
    const [first] = hosts;
    assert.ok(first);
    assert.match(await dhclient(first), new RegExp(`bound to ${addresses[0]} `));
  });

  it('remembers every lease it acknowledged when it is killed', async () => {
    const [early, late, stranger] = await Promise.all(['b1', 'b2', 'b3'].map((tail) => lan.host(`52:54:00:77:00:${tail}`)));
    assert.ok(early && late && stranger);
    const given = [await udhcpc(early, ...pxe), await udhcpc(late, ...pxe)];

    await boot.kill('SIGKILL');
    boot = await lan.serve({ leases });

    const newcomer = await udhcpc(stranger, ...pxe);
    assert.equal(given.includes(newcomer), false);
    assert.deepEqual([await udhcpc(early), await udhcpc(late)], given);
  });

  it('refuses the dynamic address of a machine that was declared meanwhile and gives it its own', async () => {
    const mac = '52:54:00:77:00:c1';
    const host = await lan.host(mac);
    await udhcpc(host, ...pxe);
    await dhclient(host);
    await boot.command({ reserve: { mac, ip: '10.77.0.7', hostname: 'node007' } });

    const output = await dhclient(host);

    assert.match(output, /DHCPNAK/);
    assert.match(output, /bound to 10\.77\.0\.7/);
  });

  it('holds its first offer back until the switch has said who the machine is', async () => {
    const mac = '52:54:00:77:00:d1';
    const host = await lan.host(mac);
    await boot.command({ discover: { mac, ip: '10.77.0.8', afterMs: 1300 } });

    assert.equal(await udhcpc(host, ...pxe), '10.77.0.8');
  });

  it('answers on declared interfaces only, and on others from the moment they are declared', async () => {
    const mac = '52:54:00:77:00:e1';
    const host = await lan.host(mac, 'br1');
    await boot.command({ reserve: { mac, ip: '10.78.0.9', hostname: 'node009' } });
    assert.equal(await udhcpc(host, '-t', '1'), undefined);

    await boot.command({ interfaces: [br0, { name: 'br1', address: '10.78.0.1', network: { id: 'n2', base: '10.78.0.0', prefix: 24 } }] });
    assert.equal(await udhcpc(host), '10.78.0.9');

    await boot.command({ interfaces: [br0] });
    assert.equal(await udhcpc(host, '-t', '1'), undefined);
  });

  it('hears a device again that was taken away and made anew', async () => {
    const mac = '52:54:00:77:00:f1';
    const br1 = { name: 'br1', address: '10.78.0.1', network: { id: 'n2', base: '10.78.0.0', prefix: 24 } };
    await boot.command({ reserve: { mac, ip: '10.78.0.10', hostname: 'node010' }, interfaces: [br0, br1] });
    await lan.controller.run('ip', 'link', 'del', 'br1');
    await lan.controller.run('ip', 'link', 'add', 'br1', 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
    await lan.controller.run('ip', 'addr', 'add', '10.78.0.1/24', 'dev', 'br1');
    await lan.controller.run('ip', 'link', 'set', 'br1', 'up');
    const host = await lan.host(mac, 'br1');

    await boot.command({ interfaces: [br0, br1] });

    assert.equal(await udhcpc(host), '10.78.0.10');
  });

  it('does not start beside another server, and says where', async () => {
    const second = await lan.controller.run(
      process.execPath,
      join(import.meta.dirname, '..', 'support', 'boot-services.ts'),
      JSON.stringify({ services: ['dhcp'], interfaces: [br0] }),
    );

    assert.match(second, /UDP 0\.0\.0\.0:67 on br0: EADDRINUSE/);
  });
});
