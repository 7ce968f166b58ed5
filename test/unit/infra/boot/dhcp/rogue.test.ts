import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseIpv4 } from '../../../../../domain/ip.ts';
import { ROGUE_FORGOTTEN_MS, type RogueServer } from '../../../../../domain/rogue-server.ts';
import type { HeardDatagram } from '../../../../../infra/boot/client-port-socket.ts';
import { encode } from '../../../../../infra/boot/dhcp/encode.ts';
import { byte, message, option, word } from '../../../../../infra/boot/dhcp/options.ts';
import { decode } from '../../../../../infra/boot/dhcp/packet.ts';
import { answerOf } from '../../../../../infra/boot/dhcp/rogue-answer.ts';
import { createRogueLedger } from '../../../../../infra/boot/dhcp/rogue-ledger.ts';
import { isProbe, probe } from '../../../../../infra/boot/dhcp/rogue-probe.ts';
import { startRogueWatch } from '../../../../../infra/boot/dhcp/rogue.ts';
import type { RogueDeps, RogueSign } from '../../../../../infra/boot/dhcp/rogue-deps.ts';
import { countingMeter } from '../../../../support/counting-meter.ts';
import { dhcpCaptures, capture } from '../../../../support/captures.ts';
import { dhcpSite, eth1, said } from '../../../../support/dhcp-site.ts';
import { recordedLog } from '../../../../support/recorded-log.ts';

const isOurs = (ip: string): boolean => ip === '10.0.0.1';

/** What a server says to a client. */
function answer(type: number, server: string | null, { yiaddr = '10.0.0.50', file = 'rogue.0' } = {}): Uint8Array {
  const packet = decode(probe(7));
  const options = new Map([[option.messageType, byte(type)], ...(server === null ? [] : [[option.serverId, word(parseIpv4(server))] as const])]);
  return encode({ ...packet, op: 2, yiaddr: yiaddr === '' ? 0 : parseIpv4(yiaddr), file, options });
}

describe('the question that gives other DHCP servers away', () => {
  it('is a PXE ROM\'s, wants a broadcast, and comes from a card that nobody has', () => {
    const asked = decode(probe(0xcafe));

    assert.equal(asked.xid, 0xcafe);
    assert.equal(asked.flags, 0x8000);
    assert.equal((asked.chaddr[0] ?? 0) & 3, 2);
    assert.deepEqual([...asked.options.get(option.clientArch) ?? []], [0, 7]);
    assert.equal(asked.options.has(option.clientUuid), true);
  });

  it('is told from every other client\'s, and answered by no luna', async () => {
    const site = dhcpSite();

    assert.equal(await site.send(probe(1)), null);
    assert.deepEqual(site.seen, []);
    assert.equal(isProbe(decode(probe(1))), true);
    assert.deepEqual(dhcpCaptures.filter((name) => isProbe(decode(capture(name)))), []);
  });
});

describe('what is heard at the port of clients', () => {
  it('tells which server speaks and what it offers', () => {
    assert.deepEqual(answerOf(answer(message.offer, '10.0.0.9'), '10.0.0.8', isOurs), { server: '10.0.0.9', offered: 'offers 10.0.0.50, boot file rogue.0' });
    assert.deepEqual(answerOf(answer(message.ack, null, { file: '' }), '10.0.0.8', isOurs), { server: '10.0.0.8', offered: 'gives 10.0.0.50' });
    assert.deepEqual(answerOf(answer(message.offer, '10.0.0.9', { yiaddr: '' }), '10.0.0.9', isOurs), { server: '10.0.0.9', offered: 'offers boot file rogue.0' });
    assert.deepEqual(answerOf(answer(message.nak, '10.0.0.9', { yiaddr: '', file: '' }), '10.0.0.9', isOurs), { server: '10.0.0.9', offered: 'refuses an address' });
  });

  it('gives nobody away that is luna, a client, or can\'t be read', () => {
    assert.equal(answerOf(answer(message.offer, '10.0.0.1'), '10.0.0.1', isOurs), null);
    assert.equal(answerOf(answer(message.offer, null), '10.0.0.1', isOurs), null);
    assert.equal(answerOf(probe(1), '10.0.0.9', isOurs), null);
    assert.equal(answerOf(answer(message.discover, '10.0.0.9'), '10.0.0.9', isOurs), null);
    assert.equal(answerOf(Uint8Array.of(2, 1, 6), '10.0.0.9', isOurs), null);
  });
});

describe('a REQUEST', () => {
  const mac = '52:54:00:00:00:0a';
  const chosenOn = async (served: typeof eth1, server: string, type: number = message.request): Promise<string[]> => {
    const chosen: string[] = [];
    await dhcpSite({ otherServerChosen: (...what) => { chosen.push(what.join(' ')); } }, [], [served]).ask(said(type, mac, { requested: '10.0.0.50', serverId: server }));
    return chosen;
  };

  it('that names another server is told, where luna serves alone', async () => {
    assert.deepEqual(await chosenOn(eth1, '10.0.0.9'), [`eth1 n1 10.0.0.9 ${mac}`]);
    assert.deepEqual(await chosenOn(eth1, '10.0.0.1'), []);
    assert.deepEqual(await chosenOn({ ...eth1, network: { ...eth1.network, dhcp: 'proxy' } }, '10.0.0.9'), []);
    assert.deepEqual(await chosenOn(eth1, '10.0.0.9', message.release), []);
  });
});

/** What a watch needs, with a clock and a store to look at. */
function world(): RogueDeps & { kept: Map<string, RogueServer>; log: ReturnType<typeof recordedLog>; meter: ReturnType<typeof countingMeter>; clock: { ms: number }; heard: Map<string, HeardDatagram[]>; sent: string[]; closed: string[] } {
  const [kept, clock, heard] = [new Map<string, RogueServer>(), { ms: Date.UTC(2026, 0, 1) }, new Map<string, HeardDatagram[]>()];
  const [sent, closed]: [string[], string[]] = [[], []];
  return {
    kept, clock, heard, sent, closed, isOurs,
    interfaces: () => [eth1],
    open: (device) => ({ receive: () => heard.get(device)?.shift() ?? null, broadcast: () => { sent.push(device); }, close: () => { closed.push(device); } }),
    load: async () => [...kept.values()],
    keep: async (rogue) => { kept.set(rogue._id, rogue); },
    forget: async (id) => { kept.delete(id); },
    nameOf: () => 'cluster',
    meter: countingMeter(),
    log: recordedLog(),
    now: () => clock.ms,
    askMs: 20,
  };
}
const sign: RogueSign = { networkId: 'n1', device: 'eth1', server: '10.0.0.9', mac: '52:54:00:00:00:99', sign: 'answer', offered: 'offers 10.0.0.50' };

describe('the list of other servers', () => {
  it('names one in the log when it comes and when it goes, with the next command', async () => {
    const deps = world();
    const ledger = createRogueLedger(deps, []);

    ledger.note(sign);
    deps.clock.ms += 60_000;
    ledger.note({ ...sign, sign: 'request', mac: null, offered: 'gave a machine its address' });
    await ledger.settle();
    const [kept] = deps.kept.values();
    deps.clock.ms += ROGUE_FORGOTTEN_MS;
    await ledger.settle();

    assert.deepEqual([kept?.firstSeen, kept?.lastSeen, kept?.mac, kept?.offered], ['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z', sign.mac, sign.offered]);
    assert.deepEqual(deps.log.events.map(({ event }) => event), ['dhcp.rogue', 'dhcp.rogue_gone']);
    assert.match(String(deps.log.events[0]?.data['next']), /the switch port of 52:54:00:00:00:99.*luna network change cluster --dhcp proxy/);
    assert.deepEqual([deps.kept.size, ledger.count()], [0, 0]);
  });

  it('is bounded, goes on after a restart, and keeps later what the store did not take', async () => {
    const deps = world();
    const before = createRogueLedger({ ...deps, keep: async () => { throw new Error('away'); } }, []);
    for (let i = 0; i < 1000; i += 1) before.note({ ...sign, server: `10.1.${i >> 8}.${i & 255}` });
    await before.settle();
    assert.equal(before.count(), 64);
    assert.equal(deps.kept.size, 0);

    const [ledger, again] = [createRogueLedger(deps, []), world()];
    ledger.note(sign);
    await ledger.settle();
    createRogueLedger({ ...deps, log: again.log }, [...deps.kept.values()]).note(sign);
    assert.equal(deps.kept.size, 1);
    assert.deepEqual(again.log.events, []);
  });
});

describe('the watch', () => {
  it('asks on the devices that luna serves alone, and keeps who answers', async () => {
    const deps = world();
    const beside = { ...eth1, name: 'eth2', network: { ...eth1.network, id: 'n2', dhcp: 'proxy' as const } };
    const idle = { ...eth1, name: 'eth3', network: { ...eth1.network, id: 'n3', dhcp: 'off' as const } };
    deps.heard.set('eth1', [{ from: '10.0.0.9', mac: '52:54:00:00:00:99', payload: answer(message.offer, '10.0.0.9') }, { from: '10.0.0.1', mac: '52:54:00:00:00:01', payload: answer(message.offer, '10.0.0.1') }]);
    const watch = await startRogueWatch({ ...deps, interfaces: () => [eth1, beside, idle] });

    for (const end = Date.now() + 10_000; deps.kept.size === 0 && Date.now() < end;) await sleep(10);
    watch.chosen('eth1', 'n1', '10.0.0.1', '52:54:00:00:00:0a');
    const read = [deps.meter.read('servers'), deps.meter.read('devices_watched')];
    await watch.stop();

    assert.deepEqual([...deps.kept.values()].map(({ _id, mac, device }) => [_id, mac, device]), [['n1/10.0.0.9', '52:54:00:00:00:99', 'eth1']]);
    assert.deepEqual([...new Set(deps.sent)], ['eth1']);
    assert.deepEqual(deps.closed, ['eth1']);
    assert.deepEqual(read, [1, 1]);
  });

  it('says once why it can\'t hear a device, and hears it when it can', async () => {
    const deps = world();
    let [tried, broken] = [0, true];
    const watch = await startRogueWatch({
      ...deps,
      open(device) {
        tried += 1;
        if (broken) throw new Error(`packet socket on ${device}: EPERM`);
        return deps.open(device);
      },
    });

    for (const end = Date.now() + 10_000; tried < 3 && Date.now() < end;) await sleep(10);
    broken = false;
    for (const end = Date.now() + 10_000; deps.sent.length === 0 && Date.now() < end;) await sleep(10);
    await watch.stop();

    assert.deepEqual(deps.log.events.map(({ event, data }) => `${event} ${String(data['reason'])}`), ['dhcp.rogue_unwatched packet socket on eth1: EPERM']);
    assert.ok(deps.sent.length > 0);
  });
});
