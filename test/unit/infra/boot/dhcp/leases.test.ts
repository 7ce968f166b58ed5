import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Lease } from '../../../../../infra/boot/dhcp/deps.ts';
import { message } from '../../../../../infra/boot/dhcp/options.ts';
import { boot, dhcpSite, said, summary } from '../../../../support/dhcp-site.ts';

const { discover, request, ack, offer, release, decline } = message;
const a = '52:54:00:00:00:0a';
const b = '52:54:00:00:00:0b';
const serverId = '10.0.0.1';

describe('leases', () => {
  it('are on disk before their ACK leaves', async () => {
    const [begun, ended] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const site = dhcpSite({
      appendLeases: async () => {
        begun.resolve(undefined);
        await ended.promise;
      },
    });
    await site.ask(said(discover, a));
    let answered = false;
    const reply = site.ask(said(request, a, { requested: '10.0.0.100', serverId })).finally(() => (answered = true));
    await begun.promise;
    await turn();
    assert.equal(answered, false);

    ended.resolve(undefined);

    assert.deepEqual(summary(await reply), [ack, '10.0.0.100']);
  });

  it('that could not be written are not acknowledged, and the address stays held', async () => {
    const site = dhcpSite({ appendLeases: () => Promise.reject(new Error('disk full')) });
    await site.ask(said(discover, a));

    await assert.rejects(site.ask(said(request, a, { requested: '10.0.0.100', serverId })), /disk full/);
    assert.deepEqual(summary(await site.ask(said(discover, b))), [offer, '10.0.0.101']);
    assert.equal(site.seen.some(({ facts }) => facts['answer'] === 'ack'), false);
  });

  it('that come together are written together', async () => {
    const site = dhcpSite();
    const macs = [a, b, '52:54:00:00:00:0c'];
    for (const mac of macs) await site.ask(said(discover, mac));
    await Promise.all(macs.map((mac, index) => site.ask(said(request, mac, { requested: `10.0.0.10${index}`, serverId }))));

    assert.deepEqual(site.appended.map((group) => group.map(({ mac }) => mac)), [macs]);
  });

  it('say whose they are and until when', async () => {
    const site = dhcpSite({ now: () => Date.parse('2026-01-01T00:00:00Z'), leaseSeconds: 600 });
    await boot(site, a, 'ipxe-bios-rom-discover');

    const expected = { mac: a, networkId: 'n1', ip: '10.0.0.100', at: '2026-01-01T00:00:00.000Z', expires: '2026-01-01T00:10:00.000Z' };
    assert.deepEqual(site.appended.flat().map(({ clientId: _, ...lease }) => lease), [expected]);
  });

  it('outlive a restart; the newest counts, and what was given back is free', async () => {
    const at = (second: number): string => new Date(second * 1000).toISOString();
    const lease = (mac: string, ip: string, from: number, until: number): Lease => {
      return { mac, networkId: 'n1', ip, at: at(from), expires: at(until) };
    };
    const leases = [
      lease(a, '10.0.0.101', 20, 900),
      lease(b, '10.0.0.101', 10, 900),
      lease(b, '10.0.0.100', 30, 900),
      lease(b, '10.0.0.100', 40, 40),
    ];
    const site = dhcpSite({ now: () => 50_000 }, leases);

    assert.equal(await boot(site, b), '10.0.0.100');
    assert.equal(await boot(site, a), '10.0.0.101');
  });

  it('are given back by RELEASE, which is written down and not answered', async () => {
    const site = dhcpSite();
    await boot(site, a);

    assert.equal(await site.ask(said(release, a, { ciaddr: '10.0.0.100', serverId })), null);
    const last = site.appended.flat().at(-1);
    assert.equal(last?.expires, last?.at);
  });

  it('are quarantined by DECLINE', async () => {
    const site = dhcpSite();
    await boot(site, a);

    assert.equal(await site.ask(said(decline, a, { requested: '10.0.0.100', serverId })), null);
    assert.equal(await boot(site, a), '10.0.0.101');
  });
});
