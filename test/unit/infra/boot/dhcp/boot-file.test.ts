import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bootFile, bootOptions, type BootPath } from '../../../../../infra/boot/dhcp/boot-file.ts';
import { type Client, type ClientClass, identify } from '../../../../../infra/boot/dhcp/client.ts';
import { option } from '../../../../../infra/boot/dhcp/options.ts';
import { decode } from '../../../../../infra/boot/dhcp/packet.ts';
import { capture } from '../../../../support/captures.ts';

const url = 'http://10.0.0.1:7050/luna?step=boot&mac=52:54:00:00:00:01';

function client(kind: ClientClass, arch: number | null): Client {
  return { mac: '52:54:00:00:00:01', class: kind, arch };
}

describe('identify', () => {
  const seen: [string, ClientClass, number | null][] = [
    ['ipxe-bios-rom-discover', 'ipxe', 0],
    ['ipxe-efi-rom-discover', 'ipxe', 7],
    ['ipxe-snponly-discover', 'ipxe', 7],
    ['ipxe-snponly-request', 'ipxe', 7],
    ['ovmf-discover', 'pxe', 7],
    ['ovmf-request', 'pxe', 7],
    ['dhclient-discover', 'other', null],
    ['udhcpc-request', 'other', null],
  ];
  for (const [name, kind, arch] of seen) {
    it(`takes the sender of ${name} for ${kind} of architecture ${arch}`, () => {
      const found = identify(decode(capture(name)));

      assert.deepEqual([found?.class, found?.arch], [kind, arch]);
    });
  }

  it('knows iPXE by its option 175 alone', () => {
    const packet = decode(capture('ipxe-bios-rom-discover'));
    packet.options.delete(option.userClass);

    assert.equal(identify(packet)?.class, 'ipxe');
  });

  it('knows iPXE by a user class written as RFC 3004 wants it', () => {
    const packet = decode(capture('ovmf-discover'));
    packet.options.set(option.userClass, Uint8Array.of(4, ...Buffer.from('iPXE')));

    assert.equal(identify(packet)?.class, 'ipxe');
  });

  it('has no answer for hardware other than Ethernet', () => {
    assert.equal(identify({ ...decode(capture('ovmf-discover')), htype: 32, hlen: 0 }), null);
  });
});

describe('bootFile', () => {
  const table: [ClientClass, number | null, BootPath, string | null][] = [
    ['pxe', 0, 'usual', 'undionly.kpxe'],
    ['pxe', null, 'usual', 'undionly.kpxe'],
    ['pxe', 0, 'alternate', 'ipxe.pxe'],
    ['pxe', 7, 'usual', 'snponly.efi'],
    ['pxe', 9, 'usual', 'snponly.efi'],
    ['pxe', 7, 'alternate', 'ipxe.efi'],
    ['pxe', 9, 'alternate', 'ipxe.efi'],
    ['pxe', 6, 'usual', null],
    ['pxe', 11, 'usual', null],
    ['ipxe', 0, 'usual', url],
    ['ipxe', 7, 'alternate', url],
    ['other', null, 'usual', null],
  ];
  for (const [kind, arch, path, file] of table) {
    it(`gives ${kind} of architecture ${arch} on the ${path} path ${file ?? 'nothing'}`, () => {
      assert.equal(bootFile(client(kind, arch), path, url), file);
    });
  }
});

describe('bootOptions', () => {
  const request = decode(capture('ovmf-discover')).options;

  it('tells a PXE ROM that it is answered by PXE and is to load the file at once', () => {
    const options = bootOptions(client('pxe', 7), request);

    assert.equal(Buffer.from(options.get(option.vendorClass) ?? []).toString(), 'PXEClient');
    assert.deepEqual(options.get(option.vendorSpecific), Uint8Array.of(6, 1, 8, 255));
    assert.deepEqual(options.get(option.clientUuid), request.get(option.clientUuid));
  });

  it('tells iPXE not to wait for ProxyDHCP, and never calls itself PXE', () => {
    const options = bootOptions(client('ipxe', 7), request);

    assert.deepEqual(options.get(option.ipxe), Uint8Array.of(176, 1, 1));
    assert.equal(options.has(option.vendorClass), false);
  });

  it('has nothing for an operating system', () => assert.equal(bootOptions(client('other', null), request).size, 0));
});
