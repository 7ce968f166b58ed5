import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byte, message, option, readAddress } from '../../../../../infra/boot/dhcp/options.ts';
import { parseIpv4 } from '../../../../../domain/ip.ts';
import { boot, dhcpSite, eth1, said, summary } from '../../../../support/dhcp-site.ts';

const { discover, request, offer, nak } = message;
const a = '52:54:00:00:00:0a';
const second = { ...eth1, address: '10.1.0.1', network: { id: 'n2', base: '10.1.0.0', prefix: 24, range: { first: '10.1.0.100', last: '10.1.0.103' } } };
const serverText = (packet: Parameters<typeof summary>[0]): number | null => packet && readAddress(packet.options, option.serverId);

describe('two networks on one device', () => {
  it('give an unknown machine an address of the first with a range', async () => {
    const site = dhcpSite({}, [], [{ ...eth1, network: { ...eth1.network, range: null } }, second]);

    assert.deepEqual(summary(await site.ask(said(discover, a))), [offer, '10.1.0.100']);
  });

  it('give a declared machine its address, in whichever it stands', async () => {
    const lookup = (_mac: string, network: string) =>
      network === 'n2' ? { kind: 'reserved', ip: '10.1.0.7', hostname: 'node001', nodeId: 'id1' } as const : { kind: 'unknown' } as const;
    const site = dhcpSite({ lookup }, [], [eth1, second]);
    const reply = await site.ask(said(discover, a));

    assert.deepEqual(summary(reply), [offer, '10.1.0.7']);
    assert.equal(serverText(reply), parseIpv4('10.1.0.1'));
  });

  it('refuse an address of the one to a machine that is known in the other', async () => {
    const site = dhcpSite({}, [], [eth1, second]);
    assert.equal(await boot(site, a), '10.0.0.100');

    assert.deepEqual(summary(await site.ask(said(request, a, { requested: '10.1.0.100' }))), [nak, '0.0.0.0']);
  });
});

describe('what a relay says of a machine', () => {
  function relayed(suboptions: number[]): ReturnType<typeof said> {
    const packet = said(discover, a, { giaddr: '10.0.0.200' });
    packet.options.set(option.relayAgent, Uint8Array.from(suboptions));
    return packet;
  }

  it('decides the network when it names the link (RFC 3527)', async () => {
    const site = dhcpSite({}, [], [eth1, second]);

    assert.deepEqual(summary(await site.ask(relayed([5, 4, 10, 1, 0, 0]))), [offer, '10.1.0.100']);
  });

  it('decides how the server is named (RFC 5107)', async () => {
    assert.equal(serverText(await dhcpSite().ask(relayed([11, 4, 10, 0, 0, 200]))), parseIpv4('10.0.0.200'));
  });

  it('is echoed whole, however odd it is', async () => {
    const odd = [1, 200, 3];
    const reply = await dhcpSite().ask(relayed(odd));

    assert.deepEqual([...(reply?.options.get(option.relayAgent) ?? [])], odd);
  });

  it('is kept as facts', async () => {
    const site = dhcpSite();
    await site.ask(relayed([1, 4, 0x65, 0x74, 0x68, 0x31, 2, 2, 0, 7]));

    const { relay, circuit, remote, option82 } = site.seen[0]?.facts ?? {};
    assert.deepEqual([relay, circuit, remote, option82], ['10.0.0.200', 'eth1', '0007', '0104657468310202' + '0007']);
  });
});

describe('a client that takes short messages only (option 57)', () => {
  it('is sent no more than it takes', async () => {
    const search = Array.from({ length: 12 }, (_, index) => `department-${index}.of-a-large-institution.example`);
    const site = dhcpSite({}, [], [{ ...eth1, network: { ...eth1.network, search, domain: 'x'.repeat(200) } }]);
    const asked = said(discover, a);
    asked.options.set(option.maximumSize, Uint8Array.of(2, 64));
    asked.options.set(option.parameterList, byte(option.domainSearch));
    const reply = await site.ask(asked);

    assert.deepEqual(summary(reply), [offer, '10.0.0.100']);
    assert.ok(reply?.options.has(option.bootFile));
  });
});

describe('a flood of made-up machines', () => {
  it('leaves declared and known ones their addresses', async () => {
    const site = dhcpSite();
    await boot(site, a);
    site.reservations.set('52:54:00:00:00:0b', '10.0.0.5');
    for (let one = 0; one < 300; one += 1) {
      await site.ask(said(discover, `02:00:00:00:${(one >> 8).toString(16).padStart(2, '0')}:${(one & 255).toString(16).padStart(2, '0')}`));
    }

    assert.equal(await boot(site, a), '10.0.0.100');
    assert.equal(await boot(site, '52:54:00:00:00:0b'), '10.0.0.5');
  });

  it('of one machine is not answered for ever', async () => {
    const site = dhcpSite();
    let answered = 0;
    for (let one = 0; one < 200; one += 1) if ((await site.ask(said(discover, a))) !== null) answered += 1;

    assert.ok(answered >= 40 && answered < 150, `${answered} of 200 answered`);
  });
});
