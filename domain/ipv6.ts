import { InvalidAddress, isIpv4, parseIpv4 } from './ip.ts';

/** An IPv6 address as an unsigned 128-bit number. */
export type Ipv6 = bigint;

/** How many bits an IPv6 address has. */
const BITS = 128;

/** Reads the text forms of RFC 4291 §2.2, embedded IPv4 included; no zone (`%eth0`), no prefix. Throws InvalidAddress. */
export function parseIpv6(text: string): Ipv6 {
  const [head = '', tail, ...more] = text.split('::');
  const before = groupsOf(head, tail === undefined);
  const after = groupsOf(tail ?? '', true);
  const missing = 8 - (before?.length ?? 0) - (after?.length ?? 0);
  if (!before || !after || more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) {
    throw new InvalidAddress(`'${text}' is no IPv6 address (expected one such as fd00:10::1)`);
  }
  return [...before, ...new Array<number>(missing).fill(0), ...after].reduce((address, group) => (address << 16n) | BigInt(group), 0n);
}

/** Whether `text` is an IPv6 address that `parseIpv6` reads. */
export function isIpv6(text: string): boolean {
  try {
    parseIpv6(text);
    return true;
  } catch {
    return false;
  }
}

/** The one spelling RFC 5952 recommends: lower case, no leading zeros, the longest run of zeros (of two or more groups, the first of equals) as `::`. */
export function formatIpv6(address: Ipv6): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let [start, length] = [0, 0];
  for (let at = 0; at < 8; at += 1) {
    let end = at;
    while (end < 8 && groups[end] === '0') end += 1;
    if (end - at > length) [start, length] = [at, end - at];
    at = Math.max(at, end - 1);
  }
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** The sixteen bytes of an address, in network order. */
export function ipv6Bytes(address: Ipv6): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => Number((address >> BigInt(120 - 8 * i)) & 0xffn));
}

/** The address that sixteen bytes in network order are. Throws InvalidAddress when there are not sixteen. */
export function ipv6Of(bytes: Uint8Array): Ipv6 {
  if (bytes.length !== 16) throw new InvalidAddress(`an IPv6 address has 16 bytes, not ${bytes.length}`);
  return bytes.reduce((address, byte) => (address << 8n) | BigInt(byte), 0n);
}

/** The mask of a prefix length. */
export function netmask6(prefix: number): Ipv6 {
  const host = (1n << BigInt(BITS - prefix)) - 1n;
  return ((1n << BigInt(BITS)) - 1n) ^ host;
}

/** The 16-bit groups of one side of `::`; a dotted address counts as two where it may stand (`last`). Null when it is none. */
function groupsOf(text: string, last: boolean): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const dotted = parts.at(-1) ?? '';
  const embedded = last && isIpv4(dotted) ? parseIpv4(dotted) : null;
  if (embedded !== null) parts.pop();
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return null;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  return embedded === null ? groups : [...groups, embedded >>> 16, embedded & 0xffff];
}
