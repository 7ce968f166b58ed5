import { formatIpv6, type Ipv6, parseIpv6 } from '../../../domain/ipv6.ts';
import type { Mac } from '../../../domain/mac.ts';
import { type Client6, identify } from './client.ts';
import type { Dhcp6Deps, ProvisioningNetwork6, Reservation6 } from './deps.ts';
import type { Facts6 } from './facts.ts';
import { type Link, linkOf } from './link.ts';
import { createLooker } from './looker.ts';
import { message } from './options.ts';
import { decode, encode, type Packet } from './packet.ts';
import { kindOf, recordOf } from './record.ts';
import { decide } from './reply.ts';
import { answeringRelays, replyPort } from './relays.ts';

/** A datagram's answer and the UDP port it goes to, at the address the datagram came from. */
export interface Outgoing6 {
  readonly data: Uint8Array;
  readonly port: number;
}

/** Answers one datagram that came by `device`; the address has no zone. Null = nothing to send. Throws MalformedPacket. */
export type Exchange6 = (data: Uint8Array, from: { readonly address: string; readonly port: number }, device: string) => Promise<Outgoing6 | null>;

/** A machine as one of its MACs is declared. */
interface Found {
  readonly mac: Mac;
  readonly reserved: Reservation6;
  readonly network: ProvisioningNetwork6;
}

/** Everything between two datagrams. Nothing is journalled: every address is a reservation, so a crash forgets nothing. */
export function createExchange6(deps: Dhcp6Deps, networks: () => readonly ProvisioningNetwork6[]): Exchange6 {
  const now = deps.now ?? Date.now;
  const valid = deps.validSeconds ?? 7200;
  // RFC 8415 §21.4 recommends 0.5 and 0.8 of the preferred lifetime.
  const lifetimes = { renew: Math.floor(valid / 4), rebind: Math.floor(valid * 0.4), preferred: Math.floor(valid / 2), valid };
  const looker = createLooker(deps);

  function find(client: Client6, link: Link): Found | null {
    for (const mac of client.macs) {
      for (const network of link.networks) {
        const reserved = deps.lookup(mac, network.id);
        if (reserved !== null) return { mac, reserved, network };
      }
    }
    return null;
  }

  /** A boot program that nobody knows is looked for on the switches before it is answered. */
  async function findOrLook(packet: Packet, client: Client6, link: Link): Promise<Found | null> {
    const found = find(client, link);
    const [mac] = client.macs;
    const [network] = link.networks;
    const worthIt = packet.message.type === message.solicit && client.class !== 'other';
    if (found !== null || mac === undefined || network === undefined || !worthIt) return found;
    await looker(mac, network.id);
    return find(client, link);
  }

  function bootOf(client: Client6, link: Link, found: Found | null, begins: boolean): { url: string | null; why: string } {
    if (found === null || link.server === null) return { url: null, why: '' };
    return deps.boot.choose(client, found.mac, link.server, found.reserved, begins);
  }

  function factsOf(client: Client6, link: Link, found: Found | null, bootUrl: string | null): Facts6 {
    const network = found?.network ?? link.networks[0];
    const { dns = [], search = [] } = network ?? {};
    return {
      client,
      serverId: deps.serverId,
      links: link.networks.map(({ subnet }) => subnet),
      reserved: found && { ip: parseIpv6(found.reserved.ip), hostname: found.reserved.hostname, domain: found.reserved.domain },
      dns,
      search: [...new Set([...(found?.reserved.domain ? [found.reserved.domain] : []), ...search])],
      lifetimes,
      bootUrl,
    };
  }

  return async (data, from, device) => {
    const [at, heardAt] = [now(), performance.now()];
    const packet = decode(data);
    const source: Ipv6 = parseIpv6(from.address);
    const client = identify(packet, source);
    const link = linkOf(networks(), packet.relays, device);
    if (link === null) return null;
    const found = await findOrLook(packet, client, link);
    const boot = bootOf(client, link, found, packet.message.type === message.solicit);
    const decision = decide(packet.message, factsOf(client, link, found, boot.url));
    if (found !== null && decision.kind === 'reply' && decision.ip !== null) deps.boot.given(client, found.mac, boot.url);
    const kind = kindOf(packet.message.type);
    deps.meter.packet(kind, decision.kind);
    deps.meter.took(kind, (performance.now() - heardAt) / 1000);
    const mac = found?.mac ?? client.macs[0] ?? null;
    const networkId = found?.network.id ?? link.networks[0]?.id ?? null;
    const record = recordOf({ at, packet, client, mac, networkId, nodeId: found?.reserved.nodeId ?? null, from: from.address, decision, boot });
    deps.seen(record);
    const declined = decision.kind === 'reply' && packet.message.type === message.decline;
    deps.log[declined ? 'warn' : 'debug'](`dhcp6.${decision.kind}`, {
      mac, duid: record.facts['duid'], class: client.class, network: networkId, node: record.nodeId, saw: record.saw, ip: decision.ip === null ? null : formatIpv6(decision.ip), why: decision.why,
    });
    if (decision.message === null) return null;
    const answer: Packet = { relays: answeringRelays(packet.relays), message: decision.message };
    return { data: encode(answer, message.relayReply), port: replyPort(packet.relays, from.port) };
  };
}
