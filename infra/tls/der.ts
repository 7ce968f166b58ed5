/** Bytes of one value in DER (X.690 §8, §10): tag, length, contents. */
export type Der = Buffer;

const [INTEGER, BIT_STRING, OCTET_STRING, OID, UTF8_STRING, UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET] =
  [0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x18, 0x30, 0x31] as const;

/** A value with any tag of one byte. */
export function tagged(tag: number, contents: Uint8Array): Der {
  return Buffer.concat([Buffer.of(tag), lengthOf(contents.length), contents]);
}

export const sequence = (...items: Der[]): Der => tagged(SEQUENCE, Buffer.concat(items));
/** A set of one: those of several need an order. */
export const setOf = (item: Der): Der => tagged(SET, item);
export const octetString = (bytes: Uint8Array): Der => tagged(OCTET_STRING, bytes);
/** `unused` counts the bits at the end that don't belong to it. */
export const bitString = (bytes: Uint8Array, unused = 0): Der => tagged(BIT_STRING, Buffer.concat([Buffer.of(unused), bytes]));
export const utf8String = (text: string): Der => tagged(UTF8_STRING, Buffer.from(text));
export const nothing: Der = tagged(0x05, Buffer.alloc(0));
export const yes: Der = tagged(0x01, Buffer.of(0xff));

/** A whole number that is not negative, from its bytes, the highest first. */
export function integer(bytes: Uint8Array): Der {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const short = Buffer.from(bytes.subarray(start));
  return tagged(INTEGER, (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short);
}

/** An object identifier as people write it: `1.2.840.10045.4.3.2`. */
export function oid(text: string): Der {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return tagged(OID, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** A time in whole seconds; the short form until 2049 (RFC 5280 §4.1.2.5). */
export function time(at: Date): Der {
  const digits = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050 ? tagged(UTC_TIME, Buffer.from(digits.slice(2))) : tagged(GENERALIZED_TIME, Buffer.from(digits));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift(rest & 0x7f | 0x80);
  return bytes;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return Buffer.of(0x80 | bytes.length, ...bytes);
}
