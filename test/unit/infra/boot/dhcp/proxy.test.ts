import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIpv4 } from '../../../../../domain/ip.ts';
import { message, option, type Options, readText } from '../../../../../infra/boot/dhcp/options.ts';
import { decode } from '../../../../../infra/boot/dhcp/packet.ts';
import { encode } from '../../../../../infra/boot/dhcp/encode.ts';
import { dhcpSite, eth1, said, summary } from '../../../../support/dhcp-site.ts';

const { discover, request, offer } = message;
const a = '52:54:00:00:00:0a';
const none: Options = new Map();
const beside = [{ ...eth1, network: { ...eth1.network, dhcp: 'proxy' as const } }];
const site = (): ReturnType<typeof dhcpSite> => dhcpSite({}, [], beside);

describe('beside another DHCP server', () => {
  it('a PXE ROM is offered a boot file and no address', async () => {
    const reply = await site().ask(said(discover, a));

    assert.deepEqual(summary(reply), [offer, '0.0.0.0']);
    assert.equal(reply?.file, 'snponly.efi');
    assert.equal(readText(reply?.options ?? none, option.vendorClass), 'PXEClient');
    assert.deepEqual([option.leaseTime, option.subnetMask, option.router].map((code) => reply?.options.has(code)), [false, false, false]);
  });

  it('iPXE is offered its script by what calls itself PXE, or it would not look', async () => {
    const reply = await site().ask(said(discover, a, {}, 'ipxe-snponly-discover'));

    assert.equal(readText(reply?.options ?? none, option.vendorClass), 'PXEClient');
    assert.match(readText(reply?.options ?? none, option.bootFile) ?? '', /step=boot/);
  });

  it('an operating system, and the REQUEST of an address, are left to that server', async () => {
    const proxy = site();

    assert.equal(await proxy.ask(said(discover, a, {}, 'dhclient-discover')), null);
    assert.equal(await proxy.ask(said(request, a, { requested: '10.0.0.50', serverId: '10.0.0.9' })), null);
    assert.deepEqual(proxy.seen.at(-1)?.service, 'proxydhcp');
  });

  it('who asks at the port of boot servers hears the file where it asked from', async () => {
    const exchanged = await site().askBootServer(encode(said(request, a, { ciaddr: '10.0.0.50' })), { address: parseIpv4('10.0.0.50'), port: 4011 });

    assert.deepEqual([exchanged?.address, exchanged?.port], [parseIpv4('10.0.0.50'), 4011]);
    assert.equal(decode(exchanged?.data ?? new Uint8Array()).file, 'snponly.efi');
  });

  it('a machine that fell out of its path is offered the next', async () => {
    const proxy = site();
    await proxy.ask(said(discover, a));
    await proxy.ask(said(request, a, { requested: '10.0.0.50', serverId: '10.0.0.9' }));

    assert.equal((await proxy.ask(said(discover, a)))?.file, 'ipxe.efi');
  });
});

describe('a network that ignores unknown machines', () => {
  const strict = [{ ...eth1, network: { ...eth1.network, ignoreUnknown: true } }];

  it('gives them nothing, whatever they are', async () => {
    const ignoring = dhcpSite({}, [], strict);

    assert.equal(await ignoring.ask(said(discover, a)), null);
    assert.equal(await ignoring.ask(said(request, a, { requested: '10.0.0.200' })), null);
    assert.match(ignoring.seen.at(-1)?.why ?? '', /ignores these/);
  });

  it('answers declared ones as always', async () => {
    const ignoring = dhcpSite({}, [], strict);
    ignoring.reservations.set(a, '10.0.0.5');

    assert.deepEqual(summary(await ignoring.ask(said(discover, a))), [offer, '10.0.0.5']);
  });
});

describe('the options of a site', () => {
  it('stand beside luna’s own and in their place', async () => {
    const options = new Map([[42, Uint8Array.of(10, 0, 0, 9)], [option.dns, Uint8Array.of(10, 0, 0, 8)]]);
    const wishing = dhcpSite({}, [], [{ ...eth1, network: { ...eth1.network, dns: ['10.0.0.2'], boot: { bootfile: null, ipxe: 'ipxe' as const, options } } }]);

    const reply = await wishing.ask(said(discover, a));

    assert.deepEqual([reply?.options.get(42), reply?.options.get(option.dns)], [Uint8Array.of(10, 0, 0, 9), Uint8Array.of(10, 0, 0, 8)]);
    assert.equal(reply?.file, 'ipxe.efi');
  });
});
