import { parseIp } from './subnet.ts';

/** How addresses are written in the reverse tree: octets below in-addr.arpa (RFC 1035 §3.5), nibbles below ip6.arpa (RFC 3596 §2.5). */
interface Scheme { bits: number; count: number; radix: number; tree: string }

const IPV4: Scheme = { bits: 8, count: 4, radix: 10, tree: 'in-addr.arpa' };
const IPV6: Scheme = { bits: 4, count: 32, radix: 16, tree: 'ip6.arpa' };

/**
 * The reverse zones that hold a network and nothing else: one where its prefix ends at a whole octet or nibble, else those
 * of the next boundary (/20: sixteen zones of /24). Below the last boundary (IPv4 /25 and longer, IPv6 /125) no zone can
 * be cut, so networks share that of their /24 (/124).
 */
export function reverseZonesOf(network: string, prefix: number): string[] {
  const { scheme, digits } = digitsOf(network);
  const cut = zoneDigits(scheme, prefix);
  const open = cut * scheme.bits - prefix;
  if (open <= 0) return [nameFrom(scheme, digits.slice(0, cut))];
  const fixed = digits.slice(0, cut - 1);
  const first = digits[cut - 1] ?? 0;
  return Array.from({ length: 2 ** open }, (_, i) => nameFrom(scheme, [...fixed, first + i]));
}

/** Where an address of a network with this prefix stands: its zone, and its owner name in it. */
export function reverseName(address: string, prefix: number): { zone: string; name: string } {
  const { scheme, digits } = digitsOf(address);
  const cut = zoneDigits(scheme, prefix);
  return { zone: nameFrom(scheme, digits.slice(0, cut)), name: labels(scheme, digits.slice(cut)) };
}

/** How many octets or nibbles a zone's name has. */
function zoneDigits({ bits, count }: Scheme, prefix: number): number {
  return Math.min(Math.ceil(prefix / bits), count - 1);
}

function nameFrom(scheme: Scheme, digits: readonly number[]): string {
  return `${labels(scheme, digits)}.${scheme.tree}`;
}

function labels({ radix }: Scheme, digits: readonly number[]): string {
  return digits.map((digit) => digit.toString(radix)).reverse().join('.');
}

function digitsOf(address: string): { scheme: Scheme; digits: number[] } {
  const { version, value } = parseIp(address);
  const scheme = version === 4 ? IPV4 : IPV6;
  const { bits, count } = scheme;
  return { scheme, digits: Array.from({ length: count }, (_, i) => Number((value >> BigInt((count - 1 - i) * bits)) % (1n << BigInt(bits)))) };
}
