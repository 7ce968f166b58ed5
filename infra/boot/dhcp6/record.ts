import type { BootRecord } from '../../../domain/boot-record.ts';
import { formatIpv6 } from '../../../domain/ipv6.ts';
import type { Mac } from '../../../domain/mac.ts';
import type { Client6 } from './client.ts';
import { message } from './options.ts';
import type { Packet } from './packet.ts';
import type { Decision6 } from './reply.ts';

/** What an exchange came to. */
export interface Exchanged {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly packet: Packet;
  readonly client: Client6;
  readonly mac: Mac | null;
  readonly networkId: string | null;
  readonly nodeId: string | null;
  /** The address the datagram came from. */
  readonly from: string;
  readonly decision: Decision6;
  /** What it was told to load, and why that. */
  readonly boot: { readonly url: string | null; readonly why: string };
}

/** One exchange as a line of a machine's trace. */
export function recordOf({ at, packet, client, mac, networkId, nodeId, from, decision, boot }: Exchanged): BootRecord {
  const relayed = packet.relays.length === 0 ? '' : ` by relay ${from}`;
  const given = decision.ip === null ? null : formatIpv6(decision.ip);
  const words = decision.message === null ? null : [messageName(decision.message.type), given, boot.url].filter((word) => word !== null).join(' ');
  return {
    at: new Date(at).toISOString(),
    service: 'dhcp6',
    mac,
    ip: given ?? (packet.relays.length === 0 ? from : null),
    networkId,
    nodeId,
    saw: `${messageName(packet.message.type)}${relayed}`,
    answered: words === null ? null : words.slice(0, 300),
    why: [decision.why, boot.why].filter((word) => word !== '').join('; ').slice(0, 300),
    facts: {
      kind: kindOf(packet.message.type),
      answer: decision.kind,
      clientClass: client.class,
      arch: client.arch,
      duid: client.duid === null ? null : Buffer.from(client.duid).toString('hex').slice(0, 260),
    },
  };
}

const kinds: ReadonlyMap<number, string> = new Map(Object.entries(message).map(([name, type]) => [type, name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]));

/** A message type as the meter counts it: one of a small fixed set. */
export function kindOf(type: number): string {
  return kinds.get(type) ?? 'unknown';
}

/** A message type for people. */
function messageName(type: number): string {
  return kinds.get(type)?.toUpperCase() ?? `type ${type}`;
}
