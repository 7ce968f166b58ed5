import { LunaError } from './errors.ts';

/** An IPv4 address as an unsigned 32-bit number, so that offsets and ranges are arithmetic. (IPv6 would be a bigint beside it.) */
export type Ipv4 = number;

/** An IPv4 network: its first address (host bits zero) and its prefix length, 0–32. */
export interface Cidr {
  readonly base: Ipv4;
  readonly prefix: number;
}

/** Thrown when a text is no IPv4 address or network; the message quotes it. */
export class InvalidAddress extends LunaError {
  override readonly name = 'InvalidAddress';

  constructor(message: string) {
    super('invalid', message);
  }
}

/** Reads four decimal numbers 0–255 without leading zeros (which some C libraries take for octal). Throws InvalidAddress. */
export function parseIpv4(text: string): Ipv4 {
  const parts = text.split('.');
  const valid = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  if (!valid) throw new InvalidAddress(`'${text}' is no IPv4 address (expected four numbers such as 10.141.0.1)`);
  return parts.reduce((address, part) => address * 256 + Number(part), 0);
}

/** Whether `text` is an IPv4 address that `parseIpv4` reads. */
export function isIpv4(text: string): boolean {
  try {
    parseIpv4(text);
    return true;
  } catch {
    return false;
  }
}

/** The dotted spelling of an address; only the low 32 bits count. */
export function formatIpv4(address: Ipv4): string {
  return `${(address >>> 24) & 255}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Reads `10.141.0.0/16`. Host bits must be zero. Throws InvalidAddress. */
export function parseCidr(text: string): Cidr {
  const [address = '', length = '', ...rest] = text.split('/');
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : Number.NaN;
  if (rest.length > 0 || !(prefix <= 32)) throw new InvalidAddress(`'${text}' is no IPv4 network (expected one such as 10.141.0.0/16)`);
  const cidr = networkOf(parseIpv4(address), prefix);
  if (cidr.base !== parseIpv4(address)) {
    throw new InvalidAddress(`'${text}' has host bits set: the network is ${formatCidr(cidr)}`);
  }
  return cidr;
}

/** `10.141.0.0/16`. */
export function formatCidr(cidr: Cidr): string {
  return `${formatIpv4(cidr.base)}/${cidr.prefix}`;
}

/** The network of `prefix` bits that holds `address`. */
export function networkOf(address: Ipv4, prefix: number): Cidr {
  return { base: (address & netmask(prefix)) >>> 0, prefix };
}

/** The netmask of a prefix length, as an address: 16 → 255.255.0.0. */
export function netmask(prefix: number): Ipv4 {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

/** The last address of a network, its broadcast address. */
export function broadcastOf(cidr: Cidr): Ipv4 {
  return (cidr.base | ~netmask(cidr.prefix)) >>> 0;
}

/** Whether the network holds the address. */
export function contains(cidr: Cidr, address: Ipv4): boolean {
  return (address & netmask(cidr.prefix)) >>> 0 === cidr.base;
}

/** Whether a host may have the address: inside, and neither the network's own nor its broadcast address (both usable in a /31 and /32). */
export function isHostOf(cidr: Cidr, address: Ipv4): boolean {
  if (!contains(cidr, address)) return false;
  return cidr.prefix >= 31 || (address !== cidr.base && address !== broadcastOf(cidr));
}

/** Whether two networks share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b.base) || contains(b, a.base);
}
