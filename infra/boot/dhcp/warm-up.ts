import { formatIpv4, parseIpv4 } from '../../../domain/ip.ts';
import { macBytes } from '../../../domain/mac.ts';
import type { DhcpDeps, Lookup } from './deps.ts';
import { encode } from './encode.ts';
import { createExchange } from './exchange.ts';
import type { DhcpPacket } from './format.ts';
import { byte, message, option, type Options, text, word } from './options.ts';
import type { Outgoing } from './outgoing.ts';
import { createPools } from './pools.ts';
import { serve } from './served.ts';

/** A network that is nobody's (RFC 2544, appendix C.2.2). */
const [network, server, range] = ['198.18.0.0', '198.18.0.1', { first: '198.18.64.0', last: '198.18.127.255' }];
const batches = 80;
const together = 25;

/**
 * Boots made-up machines against an exchange of its own, in slices of a few milliseconds, until the compiler has made
 * machine code of what every packet passes. A controller that was just started is asked by all machines at once, and code
 * that was never run answers five times as slowly. Nothing of it is sent, written or told. `over`: whether to stop.
 */
export async function warmUp(over: () => boolean): Promise<void> {
  const nothing = (): void => undefined;
  const deps: DhcpDeps = {
    interfaces: () => [],
    lookup: (mac) => lookup(mac),
    canBeFound: () => false,
    resolveUnknown: (mac) => Promise.resolve(lookup(mac)),
    isTaken: () => false,
    loadLeases: () => Promise.resolve([]),
    appendLeases: () => Promise.resolve(),
    bootUrl: (mac, address, port) => `http://${address}:${port}/${mac}`,
    seen: nothing,
    glimpsed: nothing,
    meter: { packet: nothing, took: nothing, sent: nothing, gauge: nothing },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    httpPort: 80,
  };
  const pools = createPools(deps.isTaken, Date.now, []);
  const heard = [serve({ name: 'none', address: server, network: { id: 'none', base: network, prefix: 16, range, gateway: server, dns: [server], domain: 'example' } })];
  pools.reconcile(heard);
  const exchange = createExchange(deps, pools);
  for (let batch = 0; batch < batches && !over(); batch += 1) {
    const machines = Array.from({ length: together }, (_, at) => batch * together + at);
    const offers = await Promise.all(machines.map(async (machine) => await exchange(said(message.discover, machine, null), heard)));
    await Promise.all(machines.map(async (machine, at) => await exchange(said(message.request, machine, offers[at] ?? null), heard)));
  }
}

/** Every fourth is declared. */
function lookup(mac: string): Lookup {
  const number = Number.parseInt(mac.slice(-2), 16);
  return number % 4 === 0 ? { kind: 'reserved', ip: formatIpv4(parseIpv4(network) + 256 + number), hostname: `node${number}`, nodeId: mac } : { kind: 'unknown' };
}

/** A message of a UEFI ROM behind a relay; the REQUEST takes what it was offered. */
function said(type: number, machine: number, offer: Outgoing | null): Uint8Array {
  const options: Options = new Map([
    [option.messageType, byte(type)],
    [option.parameterList, text('\u0001\u0003\u0006\u000c\u000f')],
    [option.vendorClass, text('PXEClient:Arch:00007:UNDI:003016')],
    [option.clientArch, Uint8Array.of(0, 7)],
    [option.clientUuid, new Uint8Array(17)],
  ]);
  if (offer !== null) options.set(option.serverId, word(parseIpv4(server))).set(option.requestedAddress, offer.data.slice(16, 20));
  const chaddr = new Uint8Array(16);
  chaddr.set(macBytes(`02:00:00:00:${hex(machine >> 8)}:${hex(machine & 255)}`));
  const packet: DhcpPacket = {
    op: 1, htype: 1, hlen: 6, hops: 1, xid: machine, secs: 0, flags: 0, ciaddr: 0, yiaddr: 0, siaddr: 0, giaddr: parseIpv4('198.18.0.2'), chaddr, sname: '', file: '', options,
  };
  return encode(packet);
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
