import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { chooseKernel } from '../../infra/image/kernel.ts';
import { pullPlug } from '../../infra/lab/machine.ts';
import { captureWire } from '../support/wire-capture.ts';
import { virtualSite, type VirtualSite } from '../support/virtual-site.ts';

/** One site for all, with a machine of each kind. They start in service mode, so that nothing is installed: this is about the way there. */
let site: VirtualSite;
const NODES = {
  bios: 'node001', second: 'node002', relayed: 'node003', http: 'node004', arm: 'node005', secure: 'node006',
} as const;

before(async () => {
  site = await virtualSite({
    dir: '/var/tmp/luna-paths', name: 'luna-paths', memoryMb: 1024,
    firmware: ['bios', 'uefi', 'bios', 'uefi-http', 'arm64', 'uefi-secure'],
    segments: ['near', 'second', 'relayed', 'near', 'near', 'near'],
  });
  for (const name of Object.values(NODES)) await site.done(['node', 'change', name, '--service', 'y']);
});
after(async () => { await site.down(); });

const macOf = (name: string): string => site.plan.machines.find((machine) => machine.name === name)?.mac ?? '';

async function addressOf(name: string): Promise<string> {
  const [node] = JSON.parse(await site.done(['node', 'show', name, '--json'])) as [{ interfaces: { name: string; ip: string }[] }];
  return node.interfaces.find((one) => one.name === 'BOOTIF')?.ip ?? '';
}

const BOOT_MS = 4 * 60_000;

/**
 * Switches a machine on, waits until its console has shown each of the texts in their order, and pulls its plug. A machine that
 * hangs is power-cycled once, as a person would: emulated firmware was seen to hang. The report says so, with what was on the console.
 */
async function boots(t: TestContext, name: string, ...texts: RegExp[]): Promise<void> {
  // `s`: what firmware draws stands between.
  const shown = new RegExp(texts.map((text) => text.source).join('.*'), 's');
  const console = site.console(name);
  const attempt = async (): Promise<void> => {
    const from = console.size();
    await site.done(['power', name, 'on']);
    try {
      await console.waitFor(shown, from, BOOT_MS);
    } finally {
      await pullPlug(site.plan.dir, name);
    }
  };
  await attempt().catch((error: unknown) => {
    t.diagnostic(`power-cycled: ${String(error)}`);
    return attempt();
  });
}

/** The kernel's own word that luna started it for this node. */
const kernelOf = (name: string): RegExp => new RegExp(`Command line: [^\n]*luna\\.node=${name}`);

describe('machines on the wire, on a second interface and behind a relay, all at once', () => {
  it('boot by an iPXE ROM and by their own PXE, each with one address through ROM, iPXE and initramfs', async (t) => {
    const captures = await Promise.all(['br0', 'br1', 'br2'].map((device) => captureWire(site.plan.namespace, site.plan.dir, device)));
    const hello = /said hello/;

    await Promise.all([
      boots(t, NODES.bios, /iPXE/, hello),
      boots(t, NODES.second, /NBP filename is snponly\.efi/, /iPXE/, hello),
      boots(t, NODES.relayed, /iPXE/, hello),
    ]);

    const wired = [NODES.bios, NODES.second, NODES.relayed];
    const [near, second, relayed] = await Promise.all(captures.map((capture, i) => capture.stopAfter(macOf(wired[i] ?? ''), 'POST /node/hello')));
    const addresses: string[] = [];
    for (const [name, wire] of [[NODES.bios, near], [NODES.second, second], [NODES.relayed, relayed]] as const) {
      const sent = wire?.get(macOf(name));
      const address = await addressOf(name);
      assert.deepEqual(sent?.addresses, [address], `${name} spoke from one address alone: ${JSON.stringify(sent)}`);
      const acts = sent.acts.join(', ');
      assert.match(acts, /DISCOVER, REQUEST.*GET \/luna, GET \/boot\/vmlinuz, GET \/boot\/initramfs, GET \/boot\/rest/, `${name}: ${acts}`);
      assert.match(acts, /GET \/boot\/rest, POST \/node\/hello/, `${name}: ${acts}`);
      addresses.push(address);
    }
    const uefi = second?.get(macOf(NODES.second))?.acts.join(', ') ?? '';
    assert.match(uefi, /DISCOVER, REQUEST, TFTP snponly\.efi, DISCOVER, REQUEST, GET \/luna/, 'the firmware and the iPXE it loaded each asked');
    assert.equal(new Set(addresses.map((address) => address.split('.').slice(0, 2).join('.'))).size, 3, `three networks: ${addresses.join(' ')}`);
  });
});

describe('a BIOS that is given an iPXE of its own', () => {
  it('loads it by that of its ROM, and its script by that', async (t) => {
    await site.done(['node', 'change', NODES.bios, '--ipxe', 'undionly']);
    const capture = await captureWire(site.plan.namespace, site.plan.dir, 'br0');

    // That iPXE drives the card by the ROM's own code, which is slow in QEMU: the kernel is not waited for.
    await boots(t, NODES.bios, /iPXE/, /undionly\.kpxe/, /iPXE/, /starts in service mode/);

    const sent = (await capture.stopAfter(macOf(NODES.bios), 'GET /luna')).get(macOf(NODES.bios));
    assert.match(sent?.acts.join(', ') ?? '', /DISCOVER, REQUEST, TFTP undionly\.kpxe, DISCOVER, REQUEST, GET \/luna/);
    assert.deepEqual(sent?.addresses, [await addressOf(NODES.bios)]);
  });
});

describe('UEFI that boots over HTTP, and UEFI of 64-bit Arm', () => {
  it('load iPXE by its URL', async (t) => {
    await boots(t, NODES.http, /Start HTTP Boot over IPv4/, /boot\/ipxe\/snponly\.efi/, /iPXE/, /starts in service mode/, kernelOf(NODES.http));
  });

  it('are given an address also where there is no iPXE for them', async (t) => {
    const address = await addressOf(NODES.arm);

    await boots(t, NODES.arm, /Start PXE over IPv4/, new RegExp(`Station IP address is ${address.replaceAll('.', '\\.')}`));
  });
});

describe('a machine with Secure Boot', () => {
  it('falls out of both paths of iPXE, which nobody has signed, and boots the signed kernel by the signed shim and GRUB', async (t) => {
    const refused = /BdsDxe: failed to load [^\n]*PXEv4[^\n]*(Access Denied|Security Violation)/;
    await boots(t, NODES.secure, /NBP filename is snponly\.efi/, refused);
    await boots(t, NODES.secure, /NBP filename is ipxe\.efi/, refused);

    await boots(t, NODES.secure, /NBP filename is shimx64\.efi/, /grubx64\.efi/, /starts in service mode/, kernelOf(NODES.secure), /[Ss]ecure boot enabled/);
  });

  it('is refused a kernel that is not signed, though it was packed, and asks again', async (t) => {
    const { path } = await chooseKernel(site.tree, null);
    const altered = readFileSync(path);
    altered.writeUInt8(altered.readUInt8(altered.length >> 1) ^ 1, altered.length >> 1);
    const unsigned = join(site.plan.dir, 'vmlinuz');
    writeFileSync(unsigned, altered);
    // The tree is that of all tests: it only looks altered, and only while it is packed.
    execFileSync('mount', ['--bind', unsigned, path]);
    try {
      await site.done(['osimage', 'pack', 'compute']);
    } finally {
      execFileSync('umount', [path]);
    }

    await boots(t, NODES.secure, /starts in service mode/, /bad shim signature/, /could not be loaded; asking again/);
  });
});
