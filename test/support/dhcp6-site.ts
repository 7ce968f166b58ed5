import type { BootRecord } from '../../domain/boot-record.ts';
import { formatIpv6, ipv6Of, parseIpv6 } from '../../domain/ipv6.ts';
import { macBytes } from '../../domain/mac.ts';
import { parseSubnet } from '../../domain/subnet.ts';
import { associationOption } from '../../infra/boot/dhcp6/association.ts';
import { createBootPaths } from '../../infra/boot/dhcp/boot-paths.ts';
import { createBootChoice6 } from '../../infra/boot/dhcp6/boot-choice.ts';
import type { Dhcp6Deps, ProvisioningNetwork6 } from '../../infra/boot/dhcp6/deps.ts';
import { createExchange6 } from '../../infra/boot/dhcp6/exchange.ts';
import { all, decodeOptions, first, message, option, type Options } from '../../infra/boot/dhcp6/options.ts';
import { decode, encode, type Message, type Packet, type Relay } from '../../infra/boot/dhcp6/packet.ts';
import { silentLog } from './silent-log.ts';
import { silentMeter } from './silent-meter.ts';

/** Two networks: one on `eth1`, one behind a relay. */
export const networks6: readonly ProvisioningNetwork6[] = [
  { id: 'n6', subnet: parseSubnet('fd00:77::/64'), device: 'eth1', address: 'fd00:77::1', dns: [parseIpv6('fd00:77::1')], search: ['boot6'] },
  { id: 'far6', subnet: parseSubnet('fd00:88::/64'), device: null, address: null, dns: [], search: ['far6'] },
];

/** Our identifier in the tests. */
export const serverDuid = Uint8Array.of(0, 4, ...new Array<number>(16).fill(7));

/** A site of which a test decides everything. */
export interface Dhcp6Site {
  /** `NETWORK MAC` → address. */
  readonly reservations: Map<string, string>;
  readonly records: BootRecord[];
  /** Sends a message from the link-local address of `mac` and returns the answer, decoded. */
  ask(asked: Message, mac?: string, relays?: readonly Relay[]): Promise<Packet | null>;
  send(data: Uint8Array, from?: string): Promise<{ data: Uint8Array; port: number } | null>;
}

/** A site without machines; `deps` replaces parts of it. */
export function dhcp6Site(deps: Partial<Dhcp6Deps> = {}): Dhcp6Site {
  const reservations = new Map<string, string>();
  const records: BootRecord[] = [];
  const exchange = createExchange6({
    networks: () => networks6,
    lookup(mac, networkId) {
      const ip = reservations.get(`${networkId} ${mac}`);
      return ip === undefined ? null : { ip, hostname: 'node001', domain: 'cluster', nodeId: 'id1' };
    },
    resolveUnknown: async () => undefined,
    boot: createBootChoice6({ httpPort: 7050, paths: createBootPaths(), has: () => true }),
    seen: (record) => void records.push(record),
    meter: silentMeter,
    log: silentLog,
    serverId: serverDuid,
    ...deps,
  }, () => networks6);
  const send: Dhcp6Site['send'] = (data, from = 'fe80::1') => exchange(data, { address: from, port: 546 }, 'eth1');
  return {
    reservations,
    records,
    send,
    async ask(asked, mac = '52:54:00:00:00:0a', relays = []) {
      const answer = await send(encode({ relays, message: asked }, message.relayForward), linkLocal(mac));
      return answer && decode(answer.data);
    },
  };
}

/** The link-local address that a card of this MAC makes itself (RFC 4291 appendix A). */
export function linkLocal(mac: string): string {
  const [a = 0, b = 0, c = 0, ...rest] = macBytes(mac);
  return formatIpv6(ipv6Of(Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, a ^ 2, b, c, 0xff, 0xfe, ...rest)));
}

/** A client that names itself by a DUID without a MAC. */
export const clientDuid = Uint8Array.of(0, 4, ...new Array<number>(16).fill(9));

/** A message of `type`; with `addresses` it has an association that names them, with `server` it is meant for this server. */
export function said6(type: number, { addresses, server = false, extra = [] }: { addresses?: readonly string[]; server?: boolean; extra?: Options } = {}): Message {
  const lifetimes = { renew: 0, rebind: 0, preferred: 0, valid: 0 };
  return {
    type,
    transaction: 0xabcdef,
    options: [
      { code: option.clientId, value: clientDuid },
      ...(server ? [{ code: option.serverId, value: serverDuid }] : []),
      ...(addresses ? [associationOption(1, lifetimes, addresses.map(parseIpv6))] : []),
      ...extra,
    ],
  };
}

/** Type, addresses of the first association with the seconds they are valid, and status codes, outer before inner. */
export function summary6(answer: Packet | null): { type: number; given: [string, number][]; status: number[] } | null {
  if (answer === null) return null;
  const { type, options } = answer.message;
  const inner = all(options, option.iaNa).map((value) => decodeOptions(Buffer.from(value), 12));
  const given = inner.flatMap((one) => all(one, option.iaAddress)).map((value): [string, number] => [formatIpv6(ipv6Of(value.subarray(0, 16))), Buffer.from(value).readUInt32BE(20)]);
  const codes = [options, ...inner].flatMap((one) => all(one, option.status)).map((value) => Buffer.from(value).readUInt16BE(0));
  return { type, given, status: codes };
}

/** The text of an answer's option; null without it. */
export function text6(answer: Packet | null, code: number): string | null {
  const value = answer && first(answer.message.options, code);
  return value === null ? null : Buffer.from(value).toString('latin1');
}
