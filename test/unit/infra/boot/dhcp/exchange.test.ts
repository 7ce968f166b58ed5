import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { bootRecordSchema } from '../../../../../domain/boot-record.ts';
import { createBootPaths } from '../../../../../infra/boot/dhcp/boot-paths.ts';
import type { Lookup } from '../../../../../infra/boot/dhcp/deps.ts';
import { message, option, type Options, readText } from '../../../../../infra/boot/dhcp/options.ts';
import { encode } from '../../../../../infra/boot/dhcp/encode.ts';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';
import { capture, dhcpCaptures } from '../../../../support/captures.ts';
import { boot, dhcpSite, eth1, said, summary } from '../../../../support/dhcp-site.ts';
import { mutations } from '../../../../support/mutations.ts';

const { discover, request, offer, nak } = message;
const a = '52:54:00:00:00:0a';
const b = '52:54:00:00:00:0b';
const noOptions: Options = new Map();

afterEach(() => mock.timers.reset());

describe('a machine that fell out of its boot path', () => {
  it('is given the next file on its next attempt, and the record says why', async () => {
    const site = dhcpSite();
    await boot(site, a);

    const reply = await site.ask(said(discover, a));

    const { answered, why, facts } = site.seen.at(-1) ?? {};
    assert.equal(reply?.file, 'ipxe.efi');
    assert.equal(answered, 'OFFER 10.0.0.100, boot file ipxe.efi');
    assert.match(why ?? '', /; snponly.efi was given and nothing came of it$/);
    assert.equal(facts?.['bootPath'], 1);
  });

  it('stays on the path by which it came to its script', async () => {
    const paths = createBootPaths();
    const site = dhcpSite({ paths });
    await boot(site, a);
    paths.reached(a, 'script');

    assert.equal((await site.ask(said(discover, a)))?.file, 'snponly.efi');
  });
});

describe('an unknown machine', () => {
  it('gets an address of the range and a boot file when a PXE ROM asks', async () => {
    const site = dhcpSite();
    const reply = await site.ask(said(discover, a));

    assert.deepEqual(summary(reply), [offer, '10.0.0.100']);
    assert.equal(reply?.file, 'snponly.efi');
  });

  it('gets the script’s URL when iPXE asks', async () => {
    const reply = await dhcpSite().ask(said(discover, a, {}, 'ipxe-snponly-discover'));

    assert.equal(readText(reply?.options ?? noOptions, option.bootFile), `http://10.0.0.1:7050/luna?step=boot&mac=${a}`);
  });

  it('is met with silence and a line in the log when an operating system asks', async () => {
    const site = dhcpSite();

    assert.equal(await site.ask(said(discover, a, {}, 'dhclient-discover')), null);
    assert.deepEqual(site.log.events[0], { event: 'dhcp.discovered', data: { mac: a, class: 'other', network: 'n1' } });
  });

  it('keeps one address through ROM, iPXE, initramfs and operating system', async () => {
    const site = dhcpSite();
    await boot(site, b);

    const addresses = [await boot(site, a), await boot(site, a, 'ipxe-snponly-discover'), await boot(site, a, 'udhcpc-discover')];

    assert.deepEqual(addresses, ['10.0.0.101', '10.0.0.101', '10.0.0.101']);
  });

  it('shares no address with one that asks at the same moment', async () => {
    const site = dhcpSite();
    const replies = await Promise.all([a, b].map((mac) => site.ask(said(discover, mac))));

    assert.deepEqual(replies.map((reply) => summary(reply)?.[1]), ['10.0.0.100', '10.0.0.101']);
  });

  it('is never given the controller’s, the gateway’s or a declared machine’s address', async () => {
    const site = dhcpSite({}, [], [
      { ...eth1, network: { ...eth1.network, gateway: '10.0.0.2', range: { first: '10.0.0.1', last: '10.0.0.9' } } },
    ]);
    site.reservations.set(b, '10.0.0.3');

    assert.equal(await boot(site, a), '10.0.0.4');
  });

  it('goes without when the network has no dynamic range', async () => {
    const site = dhcpSite({}, [], [{ ...eth1, network: { ...eth1.network, range: null } }]);

    assert.equal(await site.ask(said(discover, a)), null);
  });
});

describe('the question who a machine is', () => {
  it('gives the machine its reservation at once when the switch knows', async () => {
    const node005: Lookup = { kind: 'reserved', ip: '10.0.0.5', hostname: 'node005', nodeId: 'id5' };
    const site = dhcpSite({ resolveUnknown: async () => node005 });

    assert.deepEqual(summary(await site.ask(said(discover, a))), [offer, '10.0.0.5']);
    assert.equal(site.seen[0]?.nodeId, 'id5');
  });

  it('is asked once however often the machine repeats itself, and answers the last repetition', async () => {
    let answer: (lookup: Lookup) => void = () => undefined;
    let asked = 0;
    const site = dhcpSite({
      resolveUnknown: () => {
        asked += 1;
        return new Promise((resolve) => (answer = resolve));
      },
    });
    const replies = Promise.all([1, 2, 3].map((xid) => site.ask(said(discover, a, { xid }))));
    await Promise.resolve();
    answer({ kind: 'unknown' });

    assert.deepEqual((await replies).map((reply) => reply?.xid), [undefined, undefined, 3]);
    assert.equal(asked, 1);
  });

  it('is not waited for longer than four seconds', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const site = dhcpSite({ resolveUnknown: () => new Promise(() => undefined) });
    const reply = site.ask(said(discover, a));
    await Promise.resolve();
    mock.timers.tick(4000);

    assert.deepEqual(summary(await reply), [offer, '10.0.0.100']);
  });

  it('counts as unanswered when it fails', async () => {
    const site = dhcpSite({ resolveUnknown: () => Promise.reject(new Error('switch01: no answer')) });

    assert.deepEqual(summary(await site.ask(said(discover, a))), [offer, '10.0.0.100']);
    assert.ok(site.log.events.some(({ event, data }) => event === 'dhcp.resolve-failed' && data['reason'] === 'switch01: no answer'));
  });

  it('is never asked for an operating system or a known machine', async () => {
    const site = dhcpSite({ resolveUnknown: () => assert.fail('asked') });
    site.reservations.set(b, '10.0.0.5');

    assert.equal(await site.ask(said(discover, a, {}, 'dhclient-discover')), null);
    assert.deepEqual(summary(await site.ask(said(discover, b))), [offer, '10.0.0.5']);
  });
});

describe('a declared machine', () => {
  it('gets its address without a write', async () => {
    const site = dhcpSite();
    site.reservations.set(a, '10.0.0.5');

    assert.equal(await boot(site, a, 'dhclient-discover'), '10.0.0.5');
    assert.equal(site.appended.length, 0);
  });

  it('moves to its reservation the moment it is declared', async () => {
    const site = dhcpSite();
    await boot(site, a);
    site.reservations.set(a, '10.0.0.5');

    const renewal = await site.ask(said(request, a, { ciaddr: '10.0.0.100' }));

    assert.deepEqual(summary(renewal), [nak, '0.0.0.0']);
    assert.equal(await boot(site, a), '10.0.0.5');
  });

  it('gives its dynamic address back with the first ACK', async () => {
    const site = dhcpSite();
    await boot(site, a);
    site.reservations.set(a, '10.0.0.5');
    await boot(site, a);
    site.reservations.delete(a);
    for (const mac of ['1', '2', '3', '4']) assert.notEqual(await boot(site, `52:54:00:00:00:0${mac}`), null);
  });

  it('follows when its reservation changes', async () => {
    const site = dhcpSite();
    site.reservations.set(a, '10.0.0.5');
    await boot(site, a);
    site.reservations.set(a, '10.0.0.6');

    assert.deepEqual(summary(await site.ask(said(request, a, { ciaddr: '10.0.0.5' }))), [nak, '0.0.0.0']);
    assert.equal(await boot(site, a), '10.0.0.6');
  });
});

describe('replies', () => {
  const destinations: [string, Parameters<typeof said>[2], { address: string; port: number }][] = [
    ['everyone while the client has no address', { requested: '10.0.0.5' }, { address: '255.255.255.255', port: 68 }],
    ['the address that a client renews', { ciaddr: '10.0.0.5' }, { address: '10.0.0.5', port: 68 }],
    ['the relay that brought the request', { requested: '10.0.0.5', giaddr: '10.0.0.200' }, { address: '10.0.0.200', port: 67 }],
  ];
  for (const [name, asked, { address, port }] of destinations) {
    it(`go to ${name}`, async () => {
      const site = dhcpSite();
      site.reservations.set(a, '10.0.0.5');
      const sent = await site.send(encode(said(request, a, asked)));

      assert.deepEqual([sent?.address, sent?.port], [address, port]);
    });
  }

  it('are not given to relays of networks that were not declared', async () => {
    const site = dhcpSite();
    site.reservations.set(a, '10.0.0.5');

    assert.equal(await site.ask(said(discover, a, { giaddr: '192.168.1.1' })), null);
  });
});

describe('records', () => {
  it('say what was seen, what was answered and why', async () => {
    const site = dhcpSite({ now: () => 0 });
    site.reservations.set(a, '10.0.0.5');
    await boot(site, a);

    const common = { at: '1970-01-01T00:00:00.000Z', service: 'dhcp', mac: a, ip: '10.0.0.5', networkId: 'n1', nodeId: 'id1', why: 'reserved for node001' };
    const [first, second] = site.seen.map(({ facts: _facts, ...rest }) => rest);
    assert.deepEqual(first, { ...common, saw: 'DISCOVER', answered: 'OFFER 10.0.0.5, boot file snponly.efi' });
    assert.deepEqual(second, { ...common, saw: 'REQUEST 10.0.0.5', answered: 'ACK 10.0.0.5, boot file snponly.efi' });
    assert.equal(site.seen[1]?.facts['arch'], 7);
    assert.equal(site.seen[1]?.facts['clientClass'], 'pxe');
    assert.equal(site.seen[1]?.facts['answer'], 'ack');
  });

  it('are made of silence too', async () => {
    const site = dhcpSite();
    await site.ask(said(discover, a, {}, 'dhclient-discover'));

    assert.equal(site.seen[0]?.answered, null);
    assert.equal(site.seen[0]?.why, 'unknown machine');
  });

  it('follow their schema for every client seen', async () => {
    const site = dhcpSite();
    for (const name of dhcpCaptures) await site.send(capture(name));

    for (const record of site.seen) assert.deepEqual(bootRecordSchema.parse(record), record);
  });
});

describe('damaged messages', () => {
  it('are refused as malformed and harm nothing', async () => {
    const site = dhcpSite();
    let refused = 0;
    for (const name of dhcpCaptures) {
      for (const bytes of mutations(capture(name), 300, 11)) {
        await site.send(bytes).catch((error: unknown) => {
          if (!(error instanceof MalformedPacket)) throw error;
          refused += 1;
        });
      }
    }

    assert.ok(refused > 100);
    site.reservations.set(a, '10.0.0.5');
    assert.equal(await boot(site, a), '10.0.0.5');
  });
});
