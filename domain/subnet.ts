import { InvalidAddress, formatIpv4, netmask, parseIpv4 } from './ip.ts';
import { formatIpv6, netmask6, parseIpv6 } from './ipv6.ts';

/** Which Internet Protocol an address or a network belongs to. */
export type IpVersion = 4 | 6;

/** An address of either family as a number. */
export interface Ip { readonly version: IpVersion; readonly value: bigint }

/** A network of either family: its first address (host bits zero) and its prefix length. */
export interface Subnet { readonly version: IpVersion; readonly base: bigint; readonly prefix: number }

/** What of a declared network says where it is. */
export interface Placed { readonly network: string; readonly prefix: number }

/** The family of a declared network. */
export function versionOf({ network }: Pick<Placed, 'network'>): IpVersion {
  return network.includes(':') ? 6 : 4;
}

/** Reads an address of either family. Throws InvalidAddress. */
export function parseIp(text: string): Ip {
  if (text.includes(':')) return { version: 6, value: parseIpv6(text) };
  if (!text.includes('.')) throw new InvalidAddress(`'${text}' is no IP address (expected one such as 10.141.0.1 or fd00:10::1)`);
  return { version: 4, value: BigInt(parseIpv4(text)) };
}

/** Whether `text` is an address that `parseIp` reads. */
export function isIp(text: string): boolean {
  try {
    parseIp(text);
    return true;
  } catch {
    return false;
  }
}

/** The usual spelling of an address. */
export function formatIp({ version, value }: Ip): string {
  return version === 4 ? formatIpv4(Number(value)) : formatIpv6(value);
}

/** The network of `prefix` bits that holds an address. */
export function subnetAround({ version, value }: Ip, prefix: number): Subnet {
  const mask = version === 4 ? BigInt(netmask(prefix)) : netmask6(prefix);
  return { version, base: value & mask, prefix };
}

/** A declared network as numbers. Every address of ten thousand nodes asks, so the answer is kept. */
export function subnetOf(placed: Placed): Subnet {
  const known = subnets.get(placed);
  if (known?.network === placed.network && known.subnet.prefix === placed.prefix) return known.subnet;
  const { network, prefix } = placed;
  const subnet = subnetAround(parseIp(network), prefix);
  subnets.set(placed, { network, subnet });
  return subnet;
}

const subnets = new WeakMap<Placed, { network: string; subnet: Subnet }>();

/** `10.30.0.0/16`, `fd00:10::/64`. */
export function formatSubnet({ version, base, prefix }: Subnet): string {
  return `${formatIp({ version, value: base })}/${prefix}`;
}

/** How many addresses it has. */
export function sizeOf({ version, prefix }: Pick<Subnet, 'version' | 'prefix'>): bigint {
  return 1n << BigInt((version === 4 ? 32 : 128) - prefix);
}

/** Whether the network holds the address; never across families. */
export function holds(subnet: Subnet, { version, value }: Ip): boolean {
  return version === subnet.version && value >= subnet.base && value < subnet.base + sizeOf(subnet);
}

/** Whether two networks share an address. */
export function overlap(a: Subnet, b: Subnet): boolean {
  return holds(a, { version: b.version, value: b.base }) || holds(b, { version: a.version, value: a.base });
}

/** Reads `10.141.0.0/16` or `fd00:10::/64`. Host bits must be zero. Throws InvalidAddress. */
export function parseSubnet(text: string): Subnet {
  const [address = '', length = '', ...rest] = text.split('/');
  const ip = parseIp(address);
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (rest.length > 0 || !(prefix <= (ip.version === 4 ? 32 : 128))) throw new InvalidAddress(`'${text}' is no network (expected one such as 10.141.0.0/16)`);
  const subnet = subnetAround(ip, prefix);
  if (subnet.base !== ip.value) throw new InvalidAddress(`'${text}' has host bits set: the network is ${formatSubnet(subnet)}`);
  return subnet;
}
