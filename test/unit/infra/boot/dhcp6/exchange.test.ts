import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIpv6 } from '../../../../../domain/ipv6.ts';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';
import { first, message, option } from '../../../../../infra/boot/dhcp6/options.ts';
import { decode } from '../../../../../infra/boot/dhcp6/packet.ts';
import { capture, dhcp6Captures } from '../../../../support/captures.ts';
import { dhcp6Site, linkLocal, said6, serverDuid, summary6, text6 } from '../../../../support/dhcp6-site.ts';
import { mutations } from '../../../../support/mutations.ts';

const a = '52:54:00:00:00:0a';
const own = 'fd00:77::101';
const { solicit, advertise, request, confirm, renew, rebind, reply, release, decline, informationRequest } = message;

/** A site on which `a` has the address `own`. */
function siteWithNode() {
  const site = dhcp6Site();
  site.reservations.set(`n6 ${a}`, own);
  return site;
}

describe('a declared machine', () => {
  it('is offered its address, name server and domains, and need not wait for other servers', async () => {
    const answer = await siteWithNode().ask(said6(solicit, { addresses: [] }));

    assert.deepEqual(summary6(answer), { type: advertise, given: [[own, 7200]], status: [] });
    assert.deepEqual(answer && [...first(answer.message.options, option.preference) ?? []], [255]);
    assert.equal(Buffer.from(text6(answer, option.dns) ?? '', 'latin1').toString('hex'), 'fd000077000000000000000000000001');
    assert.equal(text6(answer, option.domainList), '\x07cluster\0\x05boot6\0');
  });

  it('has its address at once by rapid commit', async () => {
    const answer = await siteWithNode().ask(said6(solicit, { addresses: [], extra: [{ code: option.rapidCommit, value: new Uint8Array() }] }));

    assert.deepEqual(summary6(answer), { type: reply, given: [[own, 7200]], status: [] });
    assert.notEqual(answer && first(answer.message.options, option.rapidCommit), null);
  });

  for (const [what, type, server] of [['requests', request, true], ['renews', renew, true], ['rebinds', rebind, false]] as const) {
    it(`keeps its address when it ${what} it`, async () => {
      assert.deepEqual(summary6(await siteWithNode().ask(said6(type, { addresses: [own], server }))), { type: reply, given: [[own, 7200]], status: [] });
    });
  }

  it('is given its own address in place of another, which ends', async () => {
    const answer = await siteWithNode().ask(said6(renew, { addresses: ['fd00:77::999'], server: true }));

    assert.deepEqual(summary6(answer)?.given, [[own, 7200], ['fd00:77::999', 0]]);
  });

  it('gets one address for two associations, and is told so', async () => {
    const two = said6(request, { addresses: [own], server: true });
    const second = { code: option.iaNa, value: Buffer.from([0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]) };

    assert.deepEqual(summary6(await siteWithNode().ask({ ...two, options: [...two.options, second] })), { type: reply, given: [[own, 7200]], status: [2] });
  });

  it('is told that there are no prefixes to delegate', async () => {
    const prefix = { code: option.iaPd, value: Buffer.from([0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0]) };
    const answer = await siteWithNode().ask(said6(solicit, { addresses: [], extra: [prefix] }));

    assert.equal(Buffer.from(text6(answer, option.iaPd) ?? '', 'latin1').readUInt16BE(16), 6, 'NoPrefixAvail');
  });

  it('is told whether its addresses fit the link', async () => {
    const site = siteWithNode();

    assert.deepEqual(summary6(await site.ask(said6(confirm, { addresses: [own] })))?.status, [0]);
    assert.deepEqual(summary6(await site.ask(said6(confirm, { addresses: ['fd00:99::1'] })))?.status, [4]);
    assert.equal(await site.ask(said6(confirm, { addresses: [] })), null);
  });

  it('may give its address back, or say that another machine uses it', async () => {
    const site = siteWithNode();

    assert.deepEqual(summary6(await site.ask(said6(release, { addresses: [own], server: true }))), { type: reply, given: [], status: [0] });
    assert.deepEqual(summary6(await site.ask(said6(decline, { addresses: [own], server: true }))), { type: reply, given: [], status: [0] });
    assert.deepEqual(summary6(await site.ask(said6(release, { addresses: ['fd00:77::5'], server: true })))?.status, [0, 3]);
  });

  it('is told the rest without an address when it asks for information', async () => {
    const answer = await siteWithNode().ask(said6(informationRequest));

    assert.deepEqual(summary6(answer), { type: reply, given: [], status: [] });
    assert.notEqual(text6(answer, option.dns), null);
  });

  it('is told its name when it asks', async () => {
    const answer = await siteWithNode().ask(said6(solicit, { addresses: [], extra: [{ code: option.fqdn, value: Uint8Array.of(0) }] }));

    assert.equal(text6(answer, option.fqdn), '\x03\x07node001\x07cluster\0');
  });
});

describe('a boot program of a declared machine', () => {
  it('is given iPXE by TFTP when it is UEFI firmware, and no words of a boot server', async () => {
    const answer = await siteWithNode().ask(decode(capture('ovmf-solicit')).message);

    assert.equal(text6(answer, option.bootFileUrl), 'tftp://[fd00:77::1]/snponly.efi');
    assert.equal(text6(answer, option.vendorClass), null);
  });

  it('is given the script when it is iPXE', async () => {
    const answer = await siteWithNode().ask(decode(capture('ipxe-dhcp6-solicit')).message);

    assert.equal(text6(answer, option.bootFileUrl), `http://[fd00:77::1]:7050/luna?step=boot&mac=${a}`);
  });

  it('is given iPXE by HTTP when it is firmware that boots so, and its own words back', async () => {
    const extra = [
      { code: option.vendorClass, value: Buffer.concat([Buffer.from([0, 0, 1, 0x57, 0, 33]), Buffer.from('HTTPClient:Arch:00016:UNDI:003001')]) },
      { code: option.clientArch, value: Uint8Array.of(0, 16) },
    ];

    const answer = await siteWithNode().ask(said6(solicit, { addresses: [], extra }));

    assert.equal(text6(answer, option.bootFileUrl), 'http://[fd00:77::1]:7050/boot/ipxe/snponly.efi');
    assert.match(text6(answer, option.vendorClass) ?? '', /HTTPClient:Arch:00016/);
  });

  it('is given the next file when its last boot did not arrive, and the record says why', async () => {
    const site = siteWithNode();
    const begin = decode(capture('ovmf-solicit')).message;
    const take = decode(capture('ovmf-dhcp6-request')).message;

    await site.ask(begin);
    await site.ask({ ...take, options: take.options.map((one) => one.code === option.serverId ? { ...one, value: serverDuid } : one) });
    const answer = await site.ask(begin);

    assert.equal(text6(answer, option.bootFileUrl), 'tftp://[fd00:77::1]/ipxe.efi');
    assert.match(site.records.at(-1)?.why ?? '', /reserved for node001; ./);
  });

  it('is looked for on the switches when nobody knows it, and answered at once when it is found', async () => {
    const site = dhcp6Site({ resolveUnknown: async (mac, network) => void site.reservations.set(`${network} ${mac}`, own) });

    assert.deepEqual(summary6(await site.ask(decode(capture('ovmf-solicit')).message))?.given, [[own, 7200]]);
  });
});

describe('a machine behind relays', () => {
  const relay = { hops: 0, link: parseIpv6('fd00:88::1'), peer: parseIpv6(linkLocal(a)), options: [{ code: option.interfaceId, value: Uint8Array.of(4, 2) }] };

  it('has the address of its own network, and the answer finds its way back', async () => {
    const site = siteWithNode();
    site.reservations.set(`far6 ${a}`, 'fd00:88::101');

    const answer = await site.ask(said6(solicit, { addresses: [] }), '52:54:00:00:00:ee', [relay]);

    assert.deepEqual(summary6(answer)?.given, [['fd00:88::101', 7200]]);
    assert.deepEqual(answer?.relays, [relay]);
  });

  it('is on the link that the relay nearest to it names, when the next one is on another', async () => {
    const site = dhcp6Site();
    site.reservations.set(`far6 ${a}`, 'fd00:88::101');
    const next = { hops: 1, link: parseIpv6('fd00:77::1'), peer: parseIpv6('fd00:88::1'), options: [] };

    assert.deepEqual(summary6(await site.ask(said6(solicit, { addresses: [] }), a, [next, relay]))?.given, [['fd00:88::101', 7200]]);
  });

  it('gets nothing on a link that is not declared', async () => {
    assert.equal(await siteWithNode().ask(said6(solicit, { addresses: [] }), a, [{ ...relay, link: parseIpv6('fd00:99::1') }]), null);
  });
});

describe('silence', () => {
  it('is what an unknown machine gets, whatever it says', async () => {
    const site = dhcp6Site();

    for (const type of [solicit, request, confirm, rebind, release, decline, informationRequest]) {
      const server = [request, release, decline].includes(type as never);
      assert.equal(await site.ask(said6(type, { server, ...(type === informationRequest ? {} : { addresses: [own] }) })), null);
    }
    assert.ok(site.records.every(({ answered, why }) => answered === null && why === 'unknown machine'));
  });

  it('is not what a machine gets that renews and is no longer declared: its address ends', async () => {
    assert.deepEqual(summary6(await dhcp6Site().ask(said6(renew, { addresses: [own], server: true })))?.given, [[own, 0]]);
  });

  it('is kept about what another server is asked, and about what names none and must', async () => {
    const site = siteWithNode();
    const other = { code: option.serverId, value: Uint8Array.of(0, 3, 0, 1, 1, 2, 3, 4, 5, 6) };

    assert.equal(await site.ask(said6(request, { addresses: [own], extra: [other] })), null);
    assert.equal(await site.ask(said6(request, { addresses: [own] })), null);
    assert.equal(await site.ask(said6(solicit, { addresses: [], server: true })), null);
  });

  it('is kept about another server’s own messages', async () => {
    assert.equal(await siteWithNode().ask(said6(reply, { addresses: [own] })), null);
  });
});

describe('damaged messages', () => {
  it('are answered or refused, and nothing else comes of them', async () => {
    const site = siteWithNode();
    for (const name of dhcp6Captures) {
      for (const bytes of mutations(capture(name), 1500, 3)) {
        await site.send(bytes, linkLocal(a)).catch((error: unknown) => {
          if (!(error instanceof MalformedPacket)) throw error;
        });
      }
    }

    assert.notEqual(await site.ask(said6(solicit, { addresses: [] })), null);
  });
});

describe('the record of an exchange', () => {
  it('tells what was seen, answered and why', async () => {
    const site = siteWithNode();
    await site.ask(said6(request, { addresses: [], server: true }));

    const [record] = site.records;
    assert.deepEqual(
      [record?.service, record?.mac, record?.ip, record?.nodeId, record?.saw, record?.answered, record?.why],
      ['dhcp6', a, own, 'id1', 'REQUEST', `REPLY ${own}`, 'reserved for node001'],
    );
  });
});
