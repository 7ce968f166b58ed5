import { formatIpv4, parseIpv4 } from '../../../domain/ip.ts';
import { type Client, identify } from './client.ts';
import { bootFile } from './boot-file.ts';
import type { Facts } from './facts.ts';
import { createJournal } from './journal.ts';
import { message, option, readByte } from './options.ts';
import { broadcastFlag, decode, type DhcpPacket, encode } from './packet.ts';
import type { Pools } from './pools.ts';
import { decide, type Decision } from './reply.ts';
import { networkFor, type Served } from './served.ts';
import type { DhcpDeps, Lookup } from './deps.ts';
import { createAskWho } from './unknown.ts';

/** A reply and where it goes. */
export interface Outgoing {
  readonly data: Uint8Array;
  readonly address: string;
  readonly port: number;
}

/** Answers one datagram that came by a device on which `served` are declared; null = nothing to send. Throws MalformedPacket. */
export type Exchange = (data: Uint8Array, served: readonly Served[]) => Promise<Outgoing | null>;

/** Everything between two datagrams: facts are gathered, the decision is made, noted, journalled, and only then handed out. */
export function createExchange(deps: DhcpDeps, pools: Pools): Exchange {
  const { log } = deps;
  const now = deps.now ?? Date.now;
  const leaseSeconds = deps.leaseSeconds ?? 3600;
  const journal = createJournal((leases) => deps.appendLeases(leases));
  const askWho = createAskWho((mac, networkId, deadlineMs) => deps.resolveUnknown(mac, networkId, deadlineMs), log);

  function factsOf(client: Client, served: Served, lookup: Lookup): Facts {
    const pool = pools.of(served.networkId);
    const reserved = lookup.kind === 'reserved' ? lookup : null;
    const bound = pool?.bound(client.mac) ?? null;
    const url = deps.bootUrl(client.mac, served.serverText, deps.httpPort);
    return {
      client,
      server: served.server,
      network: served.network,
      reserved: reserved && { ip: parseIpv4(reserved.ip), hostname: reserved.hostname },
      bound,
      candidate: reserved === null && client.class !== 'other' ? (pool?.candidate(client.mac) ?? null) : bound,
      isOurs: (ip) => pool?.has(ip) ?? false,
      gateway: reserved?.gateway ? parseIpv4(reserved.gateway) : served.gateway,
      dns: reserved?.dns ? reserved.dns.map(parseIpv4) : served.dns,
      domain: reserved?.domain ?? served.domain,
      leaseSeconds,
      bootFile: bootFile(client, reserved?.bootPath ?? 'usual', url),
    };
  }

  /** Notes what the decision means for the pool; resolves when what must outlive a crash is on disk. */
  async function note(decision: Decision, request: DhcpPacket, client: Client, served: Served, reserved: boolean): Promise<void> {
    if (!('ip' in decision)) return;
    const { kind, ip } = decision;
    const pool = pools.of(served.networkId);
    const at = now();
    const lease = (address: number, until: number): Promise<void> =>
      journal({
        mac: client.mac,
        networkId: served.networkId,
        ip: formatIpv4(address),
        at: new Date(at).toISOString(),
        expires: new Date(until).toISOString(),
        ...clientId(request),
      });
    if (reserved) {
      const dynamic = kind === 'ack' ? (pool?.bound(client.mac) ?? null) : null;
      if (dynamic === null) return;
      pool?.release(client.mac, dynamic);
      // Not worth waiting for: should it get lost, the old lease merely runs out on its own.
      lease(dynamic, at).catch((error: unknown) => log.warn('dhcp.lease-not-returned', { mac: client.mac, reason: String(error) }));
      return;
    }
    switch (kind) {
      case 'offer':
        pool?.hold(client.mac, ip);
        return;
      case 'ack':
        pool?.hold(client.mac, ip);
        await lease(ip, at + leaseSeconds * 1000);
        pool?.commit(client.mac, ip, at + leaseSeconds * 1000);
        return;
      case 'release':
        if (pool?.release(client.mac, ip)) await lease(ip, at);
        return;
      case 'decline':
        if (pool?.decline(client.mac, ip)) await lease(ip, at);
        return;
    }
  }

  function tell(decision: Decision, client: Client, served: Served, lookup: Lookup): void {
    const nodeId = lookup.kind === 'reserved' ? lookup.nodeId : null;
    const who = { mac: client.mac, class: client.class, network: served.networkId, node: nodeId };
    switch (decision.kind) {
      case 'offer':
      case 'ack': {
        const ip = formatIpv4(decision.ip);
        log.info(`dhcp.${decision.kind}`, { ...who, ip });
        const { mac, arch, class: clientClass } = client;
        const at = new Date(now()).toISOString();
        deps.observed({ kind: `dhcp.${decision.kind}`, mac, ip, arch, clientClass, networkId: served.networkId, nodeId, at });
        return;
      }
      case 'release':
        return log.info('dhcp.release', { ...who, ip: formatIpv4(decision.ip) });
      case 'decline':
        return log.warn('dhcp.decline', { ...who, ip: formatIpv4(decision.ip), reason: 'the client found the address in use' });
      case 'silence':
        return log.debug('dhcp.ignored', { ...who, reason: decision.why });
      case 'exhausted':
        return log.warn('dhcp.exhausted', { ...who, reason: decision.why, next: 'luna network list' });
      case 'nak':
        return log.info('dhcp.nak', { ...who, reason: decision.why });
      case 'inform':
        return log.info('dhcp.inform', who);
    }
  }

  return async (data, all) => {
    const request = decode(data);
    const client = identify(request);
    const served = networkFor(all, request.giaddr, request.ciaddr);
    if (request.op !== 1 || client === null || served === null) return null;
    const discover = readByte(request.options, option.messageType) === message.discover;
    let lookup = deps.lookup(client.mac, served.networkId);
    if (discover && lookup.kind === 'unknown') {
      log.info('dhcp.discovered', { mac: client.mac, class: client.class, network: served.networkId });
      if (client.class !== 'other') {
        const found = await askWho(client.mac, served.networkId);
        if (found === null) return null;
        lookup = found.kind === 'reserved' ? found : deps.lookup(client.mac, served.networkId);
      }
    }
    const decision = decide(request, factsOf(client, served, lookup));
    await note(decision, request, client, served, lookup.kind === 'reserved');
    tell(decision, client, served, lookup);
    return decision.packet === null ? null : addressed(decision.packet);
  };
}

function clientId(request: DhcpPacket): { clientId?: string } {
  const value = request.options.get(option.clientId);
  return value === undefined ? {} : { clientId: Buffer.from(value).toString('hex') };
}

/**
 * Where a reply goes (RFC 2131 §4.1): to the relay, to an address the client already uses, else to everyone. A client
 * without an address can't answer ARP, so what the RFC would unicast to yiaddr is broadcast as well.
 */
function addressed(packet: DhcpPacket): Outgoing {
  const data = encode(packet);
  if (packet.giaddr !== 0) return { data, address: formatIpv4(packet.giaddr), port: 67 };
  const usesAddress = packet.ciaddr !== 0 && (packet.flags & broadcastFlag) === 0;
  return { data, address: usesAddress ? formatIpv4(packet.ciaddr) : '255.255.255.255', port: 68 };
}
