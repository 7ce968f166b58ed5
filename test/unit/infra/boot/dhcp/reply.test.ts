import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCidr, parseIpv4 } from '../../../../../domain/ip.ts';
import type { Facts } from '../../../../../infra/boot/dhcp/facts.ts';
import { byte, message, option, type Options, readAddress, readText, text, word } from '../../../../../infra/boot/dhcp/options.ts';
import { encode } from '../../../../../infra/boot/dhcp/encode.ts';
import type { DhcpPacket } from '../../../../../infra/boot/dhcp/format.ts';
import { decode } from '../../../../../infra/boot/dhcp/packet.ts';
import { decide, type Decision } from '../../../../../infra/boot/dhcp/reply.ts';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';
import { capture } from '../../../../support/captures.ts';

const server = parseIpv4('10.0.0.1');
const mine = parseIpv4('10.0.0.5');
const pooled = parseIpv4('10.0.0.100');
const other = parseIpv4('10.0.0.77');

const stranger: Facts = {
  client: { mac: '52:54:00:00:00:01', class: 'other', arch: null },
  server,
  identity: server,
  isUs: (ip) => ip === server,
  network: parseCidr('10.0.0.0/24'),
  reserved: null,
  bound: null,
  candidate: null,
  isOurs: (ip) => ip >= pooled && ip < pooled + 10,
  gateway: null,
  dns: [],
  domain: null,
  search: [],
  mtu: null,
  routes: [],
  leaseSeconds: 3600,
  bootFile: null,
      bootWhy: '',
      siteOptions: new Map(),
      bootPath: 0,
};
const known: Facts = { ...stranger, reserved: { ip: mine, hostname: 'node001' } };
const leased: Facts = { ...stranger, bound: pooled, candidate: pooled };
const both: Facts = { ...known, bound: pooled };
const bootable: Facts = { ...known, client: { ...stranger.client, class: 'pxe', arch: 7 }, bootFile: 'snponly.efi' };

const noOptions: Options = new Map();

interface Asked {
  type: number | null;
  requested?: number;
  serverId?: number;
  ciaddr?: number;
  giaddr?: number;
  flags?: number;
}

function request({ type, requested, serverId, ...fields }: Asked): DhcpPacket {
  const packet = { ...decode(capture('dhclient-discover')), ...fields, options: new Map<number, Uint8Array>() };
  if (type !== null) packet.options.set(option.messageType, byte(type));
  if (requested !== undefined) packet.options.set(option.requestedAddress, word(requested));
  if (serverId !== undefined) packet.options.set(option.serverId, word(serverId));
  return packet;
}

function outcome(decision: Decision): string {
  if (!('ip' in decision)) return decision.kind;
  return `${decision.kind} ${{ [mine]: 'mine', [pooled]: 'pooled' }[decision.ip] ?? decision.ip}`;
}

const { discover, request: ask, inform, decline, release, offer } = message;

const table: [string, Asked, Facts, string][] = [
  ['a DISCOVER of a declared machine', { type: discover }, known, 'offer mine'],
  ['a DISCOVER of a declared machine that asks for another address', { type: discover, requested: other }, known, 'offer mine'],
  ['a DISCOVER of a boot program with a free address', { type: discover }, { ...stranger, candidate: pooled }, 'offer pooled'],
  ['a DISCOVER of an unknown machine', { type: discover }, stranger, 'silence'],
  ['a DISCOVER of a boot program when no address is free', { type: discover }, { ...bootable, reserved: null }, 'exhausted'],
  ['a DISCOVER of a declared machine that still has a dynamic lease', { type: discover }, both, 'offer mine'],
  ['a REQUEST that selects our offer', { type: ask, serverId: server, requested: mine }, known, 'ack mine'],
  ['a REQUEST that selects our dynamic offer', { type: ask, serverId: server, requested: pooled }, leased, 'ack pooled'],
  ['a REQUEST that selects another server', { type: ask, serverId: other, requested: mine }, known, 'unchosen'],
  ['a REQUEST that selects an address never offered', { type: ask, serverId: server, requested: other }, known, 'nak'],
  ['a REQUEST that selects an offer we no longer hold', { type: ask, serverId: server, requested: pooled }, stranger, 'nak'],
  ['a REQUEST for the dynamic address of a machine now declared', { type: ask, serverId: server, requested: pooled }, both, 'nak'],
  ['a reboot with the right address', { type: ask, requested: mine }, known, 'ack mine'],
  ['a reboot with an address of another network', { type: ask, requested: parseIpv4('192.168.1.5') }, known, 'nak'],
  ['a reboot of an unknown machine with a foreign address', { type: ask, requested: other }, stranger, 'silence'],
  ['a reboot of an unknown machine with an address of our range', { type: ask, requested: pooled }, stranger, 'nak'],
  ['a renewal', { type: ask, ciaddr: mine }, known, 'ack mine'],
  ['a renewal of a dynamic lease', { type: ask, ciaddr: pooled }, leased, 'ack pooled'],
  ['a renewal of a dynamic address by a machine now declared', { type: ask, ciaddr: pooled }, both, 'nak'],
  ['a renewal by an unknown machine with a foreign address', { type: ask, ciaddr: other }, stranger, 'silence'],
  ['a REQUEST for no address at all', { type: ask }, known, 'silence'],
  ['a reservation outside the network', { type: ask, requested: pooled }, { ...known, reserved: { ip: 1, hostname: null } }, 'nak'],
  ['an INFORM of a declared machine', { type: inform, ciaddr: mine }, known, 'inform'],
  ['an INFORM of an unknown machine', { type: inform, ciaddr: other }, stranger, 'silence'],
  ['a RELEASE', { type: release, ciaddr: pooled, serverId: server }, leased, 'release pooled'],
  ['a RELEASE of someone else’s address', { type: release, ciaddr: other, serverId: server }, leased, 'silence'],
  ['a RELEASE meant for another server', { type: release, ciaddr: pooled, serverId: other }, leased, 'silence'],
  ['a DECLINE', { type: decline, requested: pooled, serverId: server }, leased, 'decline pooled'],
  ['a DECLINE of someone else’s address', { type: decline, requested: other, serverId: server }, leased, 'silence'],
  ['a DECLINE without an address', { type: decline, serverId: server }, leased, 'silence'],
  ['another server’s OFFER', { type: offer }, known, 'silence'],
  ['plain BOOTP', { type: null }, known, 'silence'],
  ['a message type of the future', { type: 42 }, known, 'silence'],
];

describe('decide', () => {
  for (const [name, asked, facts, expected] of table) {
    it(`answers ${name} with ${expected}`, () => assert.equal(outcome(decide(request(asked), facts)), expected));
  }

  it('says why it is silent', () => {
    const decision = decide(request({ type: discover }), stranger);

    assert.deepEqual(decision, { kind: 'silence', why: 'unknown machine', packet: null });
  });

  it('takes a malformed option for a malformed packet', () => {
    const packet = request({ type: ask });
    packet.options.set(option.requestedAddress, Uint8Array.of(1, 2));

    assert.throws(() => decide(packet, known), MalformedPacket);
  });
});

describe('a grant', () => {
  const granted = decide(request({ type: discover }), { ...bootable, gateway: other, dns: [server, other], domain: 'cluster' }).packet;

  it('carries what a host needs', () => {
    assert.ok(granted);
    assert.deepEqual([granted.op, granted.yiaddr, granted.xid], [2, mine, request({ type: discover }).xid]);
    assert.equal(readAddress(granted.options, option.subnetMask), parseIpv4('255.255.255.0'));
    assert.equal(readAddress(granted.options, option.broadcast), parseIpv4('10.0.0.255'));
    assert.equal(readAddress(granted.options, option.router), other);
    assert.equal(granted.options.get(option.dns)?.length, 8);
    assert.equal(readText(granted.options, option.hostname), 'node001');
    assert.equal(readText(granted.options, option.domain), 'cluster');
    assert.equal(readAddress(granted.options, option.serverId), server);
  });

  it('has the times of RFC 2131: renewal at a half, rebinding at seven eighths', () => {
    const codes = [option.leaseTime, option.renewalTime, option.rebindingTime];
    const times = codes.map((code) => readAddress(granted?.options ?? noOptions, code));

    assert.deepEqual(times, [3600, 1800, 3150]);
  });

  it('names server and boot file in the header and as options', () => {
    assert.deepEqual([granted?.siaddr, granted?.file], [server, 'snponly.efi']);
    assert.equal(readText(granted?.options ?? noOptions, option.tftpServer), '10.0.0.1');
    assert.equal(readText(granted?.options ?? noOptions, option.bootFile), 'snponly.efi');
  });

  it('names a URL too long for the header as an option alone', () => {
    const url = `http://10.0.0.1:7050/${'x'.repeat(200)}`;
    const long = decide(request({ type: discover }), { ...bootable, bootFile: url }).packet;

    assert.ok(long);
    assert.equal(long.file, '');
    assert.equal(readText(decode(encode(long)).options, option.bootFile), url);
  });

  it('echoes the client identifier and the relay’s option', () => {
    const asked = request({ type: discover });
    asked.options.set(option.clientId, Uint8Array.of(1, 2, 3));
    asked.options.set(option.relayAgent, text('port 7'));
    const options = decide(asked, known).packet?.options;

    assert.deepEqual(options?.get(option.clientId), Uint8Array.of(1, 2, 3));
    assert.deepEqual(options?.get(option.relayAgent), text('port 7'));
  });
});

describe('other answers', () => {
  it('a NAK carries no address, no lease and the reason', () => {
    const packet = decide(request({ type: ask, ciaddr: other }), known).packet;

    assert.deepEqual([packet?.yiaddr, packet?.ciaddr, packet?.siaddr], [0, 0, 0]);
    assert.deepEqual([...(packet?.options.keys() ?? [])], [option.messageType, option.serverId, option.message]);
    assert.equal(readText(packet?.options ?? noOptions, option.message), '10.0.0.77 is not yours, 10.0.0.5 is');
  });

  it('a NAK through a relay asks the relay to broadcast it', () => {
    assert.equal(decide(request({ type: ask, requested: other, giaddr: other, flags: 0 }), known).packet?.flags, 0x8000);
  });

  it('the answer to INFORM has settings, no address and no lease', () => {
    const packet = decide(request({ type: inform, ciaddr: mine }), known).packet;

    assert.equal(packet?.yiaddr, 0);
    assert.equal(packet?.ciaddr, mine);
    assert.equal(packet?.options.has(option.leaseTime), false);
    assert.equal(packet?.options.has(option.subnetMask), true);
  });
});
