import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addBootOptions, bootFile, type BootWishes } from '../../../../../infra/boot/dhcp/boot-file.ts';
import { type Client, type ClientClass, identify } from '../../../../../infra/boot/dhcp/client.ts';
import { option, type Options } from '../../../../../infra/boot/dhcp/options.ts';
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

const source = { script: url, http: 'http://10.0.0.1:7050', has: (file: string) => !/i386|arm64/.test(file) };
const nothing: BootWishes = { bootfile: null, ipxe: null };

describe('bootFile', () => {
  const table: [ClientClass, number | null, number, string | null][] = [
    ['pxe', 0, 0, 'undionly.kpxe'],
    ['pxe', null, 0, 'undionly.kpxe'],
    ['pxe', 0, 1, 'ipxe.pxe'],
    ['pxe', 0, 2, 'undionly.kpxe'],
    ['pxe', 7, 0, 'snponly.efi'],
    ['pxe', 9, 0, 'snponly.efi'],
    ['pxe', 7, 1, 'ipxe.efi'],
    ['pxe', 9, 1, 'ipxe.efi'],
    ['pxe', 6, 0, null],
    ['pxe', 11, 0, null],
    ['pxe', 4711, 0, null],
    ['http', 16, 0, 'http://10.0.0.1:7050/boot/ipxe/snponly.efi'],
    ['http', 16, 1, 'http://10.0.0.1:7050/boot/ipxe/ipxe.efi'],
    ['http', 17, 0, 'http://10.0.0.1:7050/boot/ipxe/snponly.efi'],
    ['http', 15, 0, null],
    ['ipxe', 0, 0, url],
    ['ipxe', 7, 1, 'snponly.efi'],
    ['ipxe', 7, 2, url],
    ['ipxe', 7, 3, 'ipxe.efi'],
    ['ipxe', 4711, 1, url],
    ['other', null, 0, null],
  ];
  for (const [kind, arch, path, file] of table) {
    it(`gives ${kind} of architecture ${arch} after ${path} boots that did not arrive ${file ?? 'nothing'}`, () => {
      assert.equal(bootFile(client(kind, arch), path, nothing, source).file, file);
    });
  }

  const wished: [string, Partial<BootWishes>, ClientClass, number, number, string | null][] = [
    ['the variant asked for first', { ipxe: 'ipxe' }, 'pxe', 7, 0, 'ipxe.efi'],
    ['what is usual after the variant asked for', { ipxe: 'ipxe' }, 'pxe', 0, 1, 'undionly.kpxe'],
    ['the usual when the variant is of other firmware', { ipxe: 'undionly' }, 'pxe', 7, 0, 'snponly.efi'],
    ['the file declared, and nothing else', { bootfile: 'shimx64.efi' }, 'pxe', 7, 1, 'shimx64.efi'],
    ['the file declared to firmware of any architecture', { bootfile: 'grub/core.0' }, 'pxe', 4711, 0, 'grub/core.0'],
    ['the URL declared to firmware that boots by HTTP', { bootfile: 'https://10.0.0.9/x.efi' }, 'http', 16, 0, 'https://10.0.0.9/x.efi'],
    ['the file declared as a URL to firmware that boots by HTTP', { bootfile: 'shimx64.efi' }, 'http', 16, 0, 'http://10.0.0.1:7050/boot/ipxe/shimx64.efi'],
    ['iPXE its script, whatever file is declared', { bootfile: 'shimx64.efi' }, 'ipxe', 7, 0, url],
  ];
  for (const [what, wishes, kind, arch, path, file] of wished) {
    it(`gives ${what}`, () => {
      assert.equal(bootFile(client(kind, arch), path, { ...nothing, ...wishes }, source).file, file);
    });
  }

  it('says which architecture it has no iPXE for', () => {
    assert.equal(bootFile(client('pxe', 11), 0, nothing, source).why, 'no iPXE for firmware of architecture 11');
  });
});

describe('addBootOptions', () => {
  const request = decode(capture('ovmf-discover')).options;

  function bootOptions(to: Client): Options {
    const options: Options = new Map();
    addBootOptions(options, to, request);
    return options;
  }

  it('tells a PXE ROM that it is answered by PXE and is to load the file at once', () => {
    const options = bootOptions(client('pxe', 7));

    assert.equal(Buffer.from(options.get(option.vendorClass) ?? []).toString(), 'PXEClient');
    assert.deepEqual(options.get(option.vendorSpecific), Uint8Array.of(6, 1, 8, 255));
    assert.deepEqual(options.get(option.clientUuid), request.get(option.clientUuid));
  });

  it('tells iPXE not to wait for ProxyDHCP, and never calls itself PXE', () => {
    const options = bootOptions(client('ipxe', 7));

    assert.deepEqual(options.get(option.ipxe), Uint8Array.of(176, 1, 1));
    assert.equal(options.has(option.vendorClass), false);
  });

  it('tells firmware that boots by HTTP that it is answered as such', () => {
    const options = bootOptions(client('http', 16));

    assert.equal(Buffer.from(options.get(option.vendorClass) ?? []).toString(), 'HTTPClient');
    assert.equal(options.has(option.vendorSpecific), false);
  });

  it('has nothing for an operating system', () => assert.equal(bootOptions(client('other', null)).size, 0));
});
