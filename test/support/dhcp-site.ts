import assert from 'node:assert/strict';
import type { BootRecord } from '../../domain/boot-record.ts';
import { formatIpv4, parseIpv4 } from '../../domain/ip.ts';
import { macBytes } from '../../domain/mac.ts';
import type { DhcpDeps, Lease, Lookup } from '../../infra/boot/dhcp/deps.ts';
import { createExchange } from '../../infra/boot/dhcp/exchange.ts';
import { byte, message, option, readByte, word } from '../../infra/boot/dhcp/options.ts';
import { encode } from '../../infra/boot/dhcp/encode.ts';
import type { DhcpPacket } from '../../infra/boot/dhcp/format.ts';
import { decode } from '../../infra/boot/dhcp/packet.ts';
import type { Outgoing } from '../../infra/boot/dhcp/outgoing.ts';
import { createPools } from '../../infra/boot/dhcp/pools.ts';
import { serve } from '../../infra/boot/dhcp/served.ts';
import type { ProvisioningInterface } from '../../infra/boot/provisioning-interface.ts';
import { capture } from './captures.ts';
import { type RecordedLog, recordedLog } from './recorded-log.ts';
import { silentMeter } from './silent-meter.ts';

/** The provisioning network of the tests: 10.0.0.0/24 with four dynamic addresses. */
export const eth1: ProvisioningInterface = {
  name: 'eth1',
  address: '10.0.0.1',
  network: { id: 'n1', base: '10.0.0.0', prefix: 24, range: { first: '10.0.0.100', last: '10.0.0.103' } },
};

/** A site of which a test decides everything, with the exchange that answers on `eth1`. */
export interface DhcpSite {
  readonly reservations: Map<string, string>;
  readonly appended: (readonly Lease[])[];
  readonly seen: BootRecord[];
  readonly log: RecordedLog;
  /** Sends a message and returns the reply, decoded. */
  ask(request: DhcpPacket): Promise<DhcpPacket | null>;
  /** Sends bytes as they are. */
  send(data: Uint8Array): Promise<{ address: string; port: number } | null>;
  /** Asks at the port of boot servers, from `from`. */
  askBootServer(data: Uint8Array, from: Omit<Outgoing, 'data'>): Promise<Outgoing | null>;
}

/** A site without machines; `deps` replaces parts of it. */
export function dhcpSite(deps: Partial<DhcpDeps> = {}, leases: readonly Lease[] = [], served = [eth1]): DhcpSite {
  const reservations = new Map<string, string>();
  const appended: (readonly Lease[])[] = [];
  const seen: BootRecord[] = [];
  const log = recordedLog();
  const lookup = (mac: string): Lookup => {
    const ip = reservations.get(mac);
    return ip === undefined ? { kind: 'unknown' } : { kind: 'reserved', ip, hostname: 'node001', nodeId: 'id1' };
  };
  const whole: DhcpDeps = {
    interfaces: () => served,
    lookup,
    resolveUnknown: async (mac) => lookup(mac),
    isTaken: (_network, ip) => [...reservations.values()].includes(formatIpv4(ip)),
    loadLeases: async () => leases,
    appendLeases: async (group) => void appended.push(group),
    bootUrl: (mac, server, port) => `http://${server}:${port}/luna?step=boot&mac=${mac}`,
    seen: (record) => void seen.push(record),
    meter: silentMeter,
    log,
    httpPort: 7050,
    ...deps,
  };
  const pools = createPools(whole.isTaken, whole.now ?? Date.now, leases);
  const all = served.map(serve);
  pools.reconcile(all);
  const exchange = createExchange(whole, pools);
  return {
    reservations,
    appended,
    seen,
    log,
    send: async (data) => {
      const reply = await exchange(data, all);
      return reply && { address: formatIpv4(reply.address), port: reply.port };
    },
    askBootServer: async (data, from) => await exchange(data, all, from),
    async ask(request) {
      const reply = await exchange(encode(request), all);
      return reply && decode(reply.data);
    },
  };
}

/** What a message of a test says beyond its kind and its sender. */
export interface Said {
  readonly requested?: string;
  readonly serverId?: string;
  readonly ciaddr?: string;
  readonly giaddr?: string;
  readonly xid?: number;
}

/** A message of `type` as `client` (a capture) sent it, from `mac`. */
export function said(type: number, mac: string, said: Said = {}, client = 'ovmf-discover'): DhcpPacket {
  const packet = decode(capture(client));
  packet.options.delete(option.requestedAddress);
  packet.options.delete(option.serverId);
  packet.options.set(option.messageType, byte(type));
  if (said.requested) packet.options.set(option.requestedAddress, word(parseIpv4(said.requested)));
  if (said.serverId) packet.options.set(option.serverId, word(parseIpv4(said.serverId)));
  const chaddr = new Uint8Array(16);
  chaddr.set(macBytes(mac));
  return {
    ...packet,
    chaddr,
    xid: said.xid ?? 1,
    flags: 0,
    ciaddr: said.ciaddr ? parseIpv4(said.ciaddr) : 0,
    giaddr: said.giaddr ? parseIpv4(said.giaddr) : 0,
  };
}

/** The type and the address of a reply, or null for silence. */
export function summary(reply: DhcpPacket | null): [number | null, string] | null {
  return reply && [readByte(reply.options, option.messageType), formatIpv4(reply.yiaddr)];
}

/** A machine that wants any address and takes what it is offered: DISCOVER, REQUEST, and the address of the ACK; null = no offer. */
export async function boot(site: DhcpSite, mac: string, client?: string): Promise<string | null> {
  const offered = await site.ask(said(message.discover, mac, {}, client));
  if (offered === null) return null;
  const requested = formatIpv4(offered.yiaddr);
  const acked = await site.ask(said(message.request, mac, { requested, serverId: eth1.address }, client));
  assert.deepEqual(summary(acked), [message.ack, requested]);
  return requested;
}
