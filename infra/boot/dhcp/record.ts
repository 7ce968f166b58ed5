import type { BootGlimpse, BootRecord } from '../../../domain/boot-record.ts';
import { formatIpv4, type Ipv4 } from '../../../domain/ip.ts';
import type { Client } from './client.ts';
import type { Lookup } from './deps.ts';
import type { DhcpPacket } from './format.ts';
import { message, option, readAddress, readByte, readText } from './options.ts';
import type { RelayInformation } from './relay.ts';
import type { Decision } from './reply.ts';

/** What a record is made of: one message, what was decided about it, and when it came (milliseconds since 1970). */
export interface Exchanged {
  readonly at: number;
  readonly request: DhcpPacket;
  readonly client: Client;
  readonly networkId: string;
  readonly lookup: Lookup;
  /** What option 82 says. */
  readonly relay: RelayInformation;
  readonly decision: Decision;
  /** On which of its boot paths the machine is, and why. */
  readonly boot: { readonly bootPath: number; readonly bootWhy: string; readonly proxy?: boolean };
}

/** Bytes of an option that are kept in hex: a message may carry thousands, a switch's name or an identifier has a few dozen. */
const longestFact = 128;

const names = new Map<number, string>(Object.entries(message).map(([name, type]) => [type, name]));

/** The name of a message's type, such as `discover`: from a fixed set, `bootp` without option 53 and `unknown` for types of later RFCs. */
export function kindOf(request: DhcpPacket): string {
  const type = readByte(request.options, option.messageType);
  return type === null ? 'bootp' : (names.get(type) ?? 'unknown');
}

/** What can be told of an exchange without writing its record. */
export function glimpseOf({ request, client, networkId, lookup, decision }: Exchanged): BootGlimpse {
  return {
    mac: client.mac,
    ip: addressOf('ip' in decision ? decision.ip : null) ?? addressOf(request.ciaddr),
    networkId,
    nodeId: lookup.kind === 'reserved' ? lookup.nodeId : null,
    arch: client.arch,
    booting: decision.packet !== null && client.class !== 'other',
  };
}

/** The record of one exchange, for the trace and the lifecycle. Its facts: DHCP's names of message and answer, and what identifies the sender. */
export function recordOf({ at, request, client, networkId, lookup, relay, decision, boot }: Exchanged): BootRecord {
  const kind = kindOf(request);
  const wanted = readAddress(request.options, option.requestedAddress) ?? request.ciaddr;
  const given = 'ip' in decision ? decision.ip : null;
  return {
    at: new Date(at).toISOString(),
    service: boot.proxy ? 'proxydhcp' : 'dhcp',
    mac: client.mac,
    ip: addressOf(given) ?? addressOf(request.ciaddr),
    networkId,
    nodeId: lookup.kind === 'reserved' ? lookup.nodeId : null,
    saw: `${kind.toUpperCase()}${wanted === 0 ? '' : ` ${formatIpv4(wanted)}`}`,
    answered: answer(decision),
    why: [whyOf(decision, lookup), decision.packet === null ? '' : boot.bootWhy].filter((one) => one !== '').join('; ').slice(0, 300),
    facts: {
      kind,
      answer: decision.kind,
      clientClass: client.class,
      arch: client.arch,
      ...(boot.bootPath === 0 ? {} : { bootPath: boot.bootPath }),
      ...relayFacts(request, relay),
      ...hexFact(request, option.clientId, 'clientId'),
      ...textFact(request, option.vendorClass, 'vendorClass'),
      ...textFact(request, option.hostname, 'hostname'),
    },
  };
}

function answer(decision: Decision): string | null {
  if (decision.packet === null) return null;
  const { yiaddr, file } = decision.packet;
  const name = decision.kind === 'inform' ? 'ACK' : decision.kind.toUpperCase();
  const bootFile = file === '' ? (readText(decision.packet.options, option.bootFile) ?? '') : file;
  return `${name}${yiaddr === 0 ? '' : ` ${formatIpv4(yiaddr)}`}${bootFile === '' ? '' : `, boot file ${bootFile}`}`.slice(0, 300);
}

function whyOf(decision: Decision, lookup: Lookup): string {
  if ('why' in decision) return decision.why;
  if (decision.kind === 'decline') return 'the client found the address in use by another machine';
  if (decision.kind === 'release') return '';
  if (decision.kind === 'proxy-offer' || decision.kind === 'proxy-ack') return lookup.kind === 'reserved' ? `node ${lookup.hostname}` : 'an unknown machine';
  return lookup.kind === 'reserved' ? `reserved for ${lookup.hostname}` : 'an unknown machine: an address of the dynamic range';
}

function addressOf(ip: Ipv4 | null): string | null {
  return ip === null || ip === 0 ? null : formatIpv4(ip);
}

/** What the relay knows of where the machine stands; option 82 whole as well, since each make of switch writes its own. */
function relayFacts(request: DhcpPacket, { circuit, remote }: RelayInformation): Record<string, string> {
  if (request.giaddr === 0 && !request.options.has(option.relayAgent)) return {};
  return {
    ...(request.giaddr === 0 ? {} : { relay: formatIpv4(request.giaddr) }),
    ...hexFact(request, option.relayAgent, 'option82'),
    ...(circuit === null ? {} : { circuit }),
    ...(remote === null ? {} : { remote }),
  };
}

function hexFact(request: DhcpPacket, code: number, name: string): Record<string, string> {
  const value = request.options.get(code);
  return value === undefined ? {} : { [name]: Buffer.from(value.subarray(0, longestFact)).toString('hex') };
}

function textFact(request: DhcpPacket, code: number, name: string): Record<string, string> {
  const value = readText(request.options, code);
  return value === null ? {} : { [name]: value.slice(0, 200).replace(/[^\x20-\x7e]/g, '?') };
}
