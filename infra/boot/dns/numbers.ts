/** Types of resource records that are named here or there; others go by their number (RFC 3597). */
export const TYPE = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, HINFO: 13, MX: 15, TXT: 16, AAAA: 28, SRV: 33, DNAME: 39, OPT: 41, DS: 43, SSHFP: 44, TLSA: 52, SPF: 99,
  IXFR: 251, AXFR: 252, ANY: 255, CAA: 257,
} as const;

/** Response codes: RFC 1035 §4.1.1, RFC 2136 §2.2 and, above 15, RFC 6891 §9. */
export const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, NOTAUTH: 9, BADVERS: 16 } as const;

/** What is asked of a server: RFC 1035 §4.1.1, RFC 1996. */
export const OPCODE = { QUERY: 0, NOTIFY: 4 } as const;

/** The one class that anything is in. */
export const CLASS_IN = 1;

/** Bits of a header's second word (RFC 1035 §4.1.1, RFC 4035 §3.1.6). */
export const FLAG = { QR: 0x8000, AA: 0x0400, TC: 0x0200, RD: 0x0100, RA: 0x0080, AD: 0x0020, CD: 0x0010 } as const;

/** Bytes of a datagram that no network breaks up; more is fetched by TCP (DNS flag day 2020). */
export const UDP_SIZE = 1232;

/** The name of a type for people and metrics: `A`, `TYPE65`. */
export function typeName(type: number): string {
  return NAMES.get(type) ?? `TYPE${type}`;
}

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, number]) => [number, name]));

/** The name of a response code for people and metrics: `NXDOMAIN`. */
export function rcodeName(rcode: number): string {
  return RCODES.get(rcode) ?? `RCODE${rcode}`;
}

const RCODES = new Map<number, string>(Object.entries(RCODE).map(([name, number]) => [number, name]));
