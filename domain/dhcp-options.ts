import * as z from 'zod';
import { type ClasslessRoute, encodeRoutes } from './classless-routes.ts';
import { encodeName } from './dns-name.ts';
import { LunaError } from './errors.ts';
import { isIpv4, parseCidr, parseIpv4 } from './ip.ts';

/** How the value of an option is written and what becomes of it on the wire. */
export const DHCP_OPTION_TYPES = ['ip', 'text', 'u8', 'u16', 'u32', 'bool', 'hex', 'domains', 'routes'] as const;
export type DhcpOptionType = (typeof DHCP_OPTION_TYPES)[number];

/** Options whose type needs no saying (RFC 2132 where nothing else is named). An `ip` may be a comma list. */
const KNOWN: Readonly<Record<number, DhcpOptionType>> = {
  2: 'u32', 3: 'ip', 4: 'ip', 5: 'ip', 6: 'ip', 7: 'ip', 8: 'ip', 9: 'ip', 11: 'ip', 13: 'u16', 15: 'text', 16: 'ip', 17: 'text', 18: 'text', 19: 'bool',
  22: 'u16', 23: 'u8', 24: 'u32', 26: 'u16', 27: 'bool', 31: 'bool', 35: 'u32', 37: 'u8', 38: 'u32', 40: 'text', 41: 'ip', 42: 'ip', 43: 'hex',
  44: 'ip', 45: 'ip', 46: 'u8', 47: 'text', 48: 'ip', 49: 'ip', 64: 'text', 65: 'ip', 66: 'text', 69: 'ip', 70: 'ip', 72: 'ip',
  100: 'text', 101: 'text', // RFC 4833
  108: 'u32', // RFC 8925
  114: 'text', // RFC 8910
  119: 'domains', // RFC 3397
  121: 'routes', // RFC 3442
  138: 'ip', // RFC 5417
  150: 'ip', // RFC 5859
  208: 'hex', 209: 'text', 210: 'text', 211: 'u32', // RFC 5071
  249: 'routes', 252: 'text', // in wide use, of no RFC
};

/** What the protocol itself, the address, the name and the boot file say; luna alone sets it. */
const OWN: Readonly<Record<number, string>> = {
  1: 'the prefix of the network', 12: 'the name of the node', 28: 'the prefix of the network', 67: '--bootfile', 77: 'the client', 81: 'the name of the node',
  ...Object.fromEntries([50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 82, 90, 93, 94, 97, 118, 175].map((code) => [code, 'the protocol'])),
};

/** Options by their number; a value is `10.0.0.1,10.0.0.2`, or with its type before it: `text:hello`, `hex:0a:0b`. */
export const dhcpOptionsSchema = z.record(z.string().regex(/^([1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/, 'must be the number of an option, 1–254'), z.string().max(1024))
  .superRefine((options, context) => {
    for (const [code, value] of Object.entries(options)) {
      try {
        encodeDhcpOption(Number(code), value);
      } catch (error) {
        context.addIssue({ code: 'custom', path: [code], message: error instanceof Error ? error.message : String(error) });
      }
    }
  });
export type DhcpOptions = z.infer<typeof dhcpOptionsSchema>;

/** An option's value as bytes. Throws LunaError `invalid` for an option that isn't the site's to set, and for a value that doesn't fit its type. */
export function encodeDhcpOption(code: number, written: string): Uint8Array {
  const own = OWN[code];
  if (own !== undefined) throw new LunaError('invalid', `DHCP option ${code} can't be set: it comes from ${own}`);
  const [, said, rest = ''] = /^([a-z0-9]+):([\s\S]*)$/.exec(written) ?? [];
  const type = DHCP_OPTION_TYPES.find((one) => one === said);
  const known = KNOWN[code];
  if (type === undefined && known === undefined) {
    throw new LunaError('invalid', `DHCP option ${code}: luna doesn't know its type; write it before the value: one of ${DHCP_OPTION_TYPES.map((one) => `${one}:`).join(' ')}`);
  }
  const value = type === undefined ? written : rest;
  const bytes = encoded(type ?? known ?? 'text', value);
  if (bytes === null) throw new LunaError('invalid', `DHCP option ${code}: ${JSON.stringify(value)} is no ${DESCRIBED[type ?? known ?? 'text']}`);
  return bytes;
}

const DESCRIBED: Readonly<Record<DhcpOptionType, string>> = {
  ip: 'comma list of IPv4 addresses', text: 'text of ASCII', u8: 'number of 0–255', u16: 'number of 0–65535', u32: 'number of 0–4294967295', bool: '0 or 1',
  hex: 'list of hexadecimal bytes such as 0a:0b', domains: 'comma list of domains', routes: 'comma list of routes such as 10.9.0.0/16=10.30.0.7',
};

/** Null when the value is none of that type. */
function encoded(type: DhcpOptionType, value: string): Uint8Array | null {
  const list = value.split(',').map((one) => one.trim());
  switch (type) {
    case 'ip': return list.every(isIpv4) ? Uint8Array.from(list.flatMap((one) => octets(parseIpv4(one), 4))) : null;
    case 'text': return /^[\x20-\x7e]{1,255}$/.test(value) ? new TextEncoder().encode(value) : null;
    case 'u8': return number(value, 1);
    case 'u16': return number(value, 2);
    case 'u32': return number(value, 4);
    case 'bool': return /^[01]$/.test(value) ? Uint8Array.of(Number(value)) : null;
    case 'hex': {
      const digits = value.replaceAll(/[:\s]/g, '');
      return /^([0-9a-f]{2})+$/i.test(digits) ? Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16)) : null;
    }
    case 'domains': return list.every((one) => /^([a-z0-9_-]{1,63}\.)*[a-z0-9-]{1,63}$/i.test(one)) ? Uint8Array.from(list.flatMap((one) => [...encodeName(one)])) : null;
    case 'routes': return routes(list);
  }
}

function number(value: string, size: number): Uint8Array | null {
  const told = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
  return told < 2 ** (8 * size) ? Uint8Array.from(octets(told, size)) : null;
}

function octets(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * (size - 1 - i))) % 256);
}

function routes(list: readonly string[]): Uint8Array | null {
  const read: ClasslessRoute[] = [];
  for (const one of list) {
    const [, to = '', via = ''] = /^([\d./]+|default)=([\d.]+)$/.exec(one) ?? [];
    if (!isIpv4(via)) return null;
    try {
      read.push({ to: parseCidr(to === 'default' ? '0.0.0.0/0' : to), via: parseIpv4(via) });
    } catch {
      return null;
    }
  }
  return encodeRoutes(read);
}
