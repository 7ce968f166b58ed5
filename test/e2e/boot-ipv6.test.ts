import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createLan, type Lan, type LanServices } from '../support/lan.ts';

const mac = '52:54:00:76:01:01';
const own = 'fd00:76::101';
/** Firmware and iPXE in emulation, on a machine that is busy with others. */
const bootMs = 240_000;
const directory = mkdtempSync(join(tmpdir(), 'luna-boot6-'));
const serial = join(directory, 'serial');

let lan: Lan;
let boot: LanServices;

before(async () => {
  lan = await createLan();
  const { controller } = lan;
  await controller.run('ip', 'addr', 'add', 'fd00:76::1/64', 'dev', 'br0', 'nodad');
  await controller.run('ip', 'addr', 'flush', 'dev', 'br0', 'scope', 'global', 'to', '10.77.0.0/24');
  await controller.run('ip', 'tuntap', 'add', 'tap0', 'mode', 'tap');
  await controller.run('ip', 'link', 'set', 'tap0', 'master', 'br0', 'up');
  await lan.host('52:54:00:76:01:02'); // gives the bridge its carrier
  boot = await lan.serve6({
    networks: { boot6: { network: 'fd00:76::', prefix: 64, provision: true } },
    groups: { compute: { osimage: 'any', interfaces: [{ id: 'bootif', name: 'BOOTIF', network6: 'boot6' }] } },
    nodes: { node001: { group: 'compute', addresses6: { bootif: '257' } } },
    macs: { [mac]: 'node001' },
  });
  const variables = join(directory, 'vars.fd');
  copyFileSync('/usr/share/OVMF/OVMF_VARS_4M.fd', variables);
  await controller.run('qemu-system-x86_64', '-daemonize', '-accel', 'tcg,thread=multi', '-machine', 'q35', '-cpu', 'qemu64', '-m', '512',
    '-display', 'none', '-vga', 'none', '-nodefaults', '-serial', `file:${serial}`, '-boot', 'n',
    '-drive', 'if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd', '-drive', `if=pflash,format=raw,unit=1,file=${variables}`,
    '-netdev', 'tap,id=net0,ifname=tap0,script=no,downscript=no', '-device', `virtio-net-pci,netdev=net0,mac=${mac},romfile=`,
    '-object', 'rng-random,id=rng0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng0', '-fw_cfg', 'name=opt/org.tianocore/IPv4PXESupport,string=n');
});
after(async () => {
  await lan.remove();
  rmSync(directory, { recursive: true });
});

describe('a UEFI machine on a network of IPv6 alone', () => {
  it('comes by its firmware’s PXE to iPXE over TFTP, and by iPXE to its boot script over HTTP, with one address', { timeout: bootMs + 10_000 }, async () => {
    const asked = await boot.until('http.get', 0, bootMs).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${readFileSync(serial, 'latin1').slice(-2000)}`);
    });

    assert.deepEqual([decodeURIComponent(String(asked['url'])), asked['from']], [`/luna?step=boot&mac=${mac}`, own]);
    const records = boot.events.filter(({ event }) => event === 'seen');
    const given = records.filter(({ service, ip }) => service === 'dhcp6' && String(ip).startsWith('fd'));
    assert.deepEqual([...new Set(given.map(({ ip }) => ip))], [own]);
    const steps = given.map(({ answered }) => String(answered));
    assert.ok(steps.includes(`REPLY ${own} tftp://[fd00:76::1]/snponly.efi`), steps.join('\n'));
    assert.ok(steps.includes(`REPLY ${own} http://[fd00:76::1]:7050/luna?step=boot&mac=${mac}`), steps.join('\n'));
    assert.ok(records.some(({ service, ip, saw }) => service === 'tftp' && ip === own && String(saw).includes('snponly.efi')), 'TFTP');
  });
});
