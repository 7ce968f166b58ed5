import { isIPv4, isIPv6 } from 'node:net';
import { parseIp } from '../../../domain/subnet.ts';
import { wireOf } from './name.ts';
import { TYPE } from './numbers.ts';

/** A word of a zone file: in quotes it may hold blanks, and `@` is just a character. Escapes are as they were written. */
export interface Word { text: string; quoted: boolean }

/** A type by its number and what its records consist of, in order (RFC 1035 §3.3 and the RFC of each newer type). */
interface Layout { type: number; fields: readonly Field[] }
/** 1, 2: a whole number of so many bytes. `texts`: one and more. `hex`, `rest`: all that is left, in hex digits or as text without a length. */
type Field = 1 | 2 | 'ipv4' | 'ipv6' | 'name' | 'text' | 'texts' | 'hex' | 'rest';

const LAYOUTS: Readonly<Record<string, Layout>> = {
  A: { type: TYPE.A, fields: ['ipv4'] },
  AAAA: { type: TYPE.AAAA, fields: ['ipv6'] },
  NS: { type: TYPE.NS, fields: ['name'] },
  CNAME: { type: TYPE.CNAME, fields: ['name'] },
  PTR: { type: TYPE.PTR, fields: ['name'] },
  DNAME: { type: TYPE.DNAME, fields: ['name'] },
  HINFO: { type: TYPE.HINFO, fields: ['text', 'text'] },
  MX: { type: TYPE.MX, fields: [2, 'name'] },
  TXT: { type: TYPE.TXT, fields: ['texts'] },
  RP: { type: 17, fields: ['name', 'name'] },
  AFSDB: { type: 18, fields: [2, 'name'] },
  SRV: { type: TYPE.SRV, fields: [2, 2, 2, 'name'] },
  NAPTR: { type: 35, fields: [2, 2, 'text', 'text', 'text', 'name'] },
  DS: { type: TYPE.DS, fields: [2, 1, 1, 'hex'] },
  SSHFP: { type: TYPE.SSHFP, fields: [1, 1, 'hex'] },
  TLSA: { type: TYPE.TLSA, fields: [1, 1, 1, 'hex'] },
  SPF: { type: TYPE.SPF, fields: ['texts'] },
  URI: { type: 256, fields: [2, 2, 'rest'] },
  CAA: { type: TYPE.CAA, fields: [1, 'text', 'rest'] },
};

/** The number of a type as it is written in a zone file, `TYPE65` included (RFC 3597 §5); null for a word that is none. */
export function typeOf(word: string): number | null {
  const layout = LAYOUTS[word.toUpperCase()];
  if (layout !== undefined) return layout.type;
  const number = /^TYPE(\d{1,5})$/i.exec(word)?.[1];
  return number === undefined || Number(number) > 0xffff ? null : Number(number);
}

/** The data of a record on the wire; `absolute` puts the origin behind a name. Throws an Error that says what is wrong with it. */
export function encodeData(typeWord: string, words: readonly Word[], absolute: (name: string) => string): Uint8Array {
  if (words[0]?.text === '\\#' && !words[0].quoted) return unknownData(words.slice(1));
  const layout = LAYOUTS[typeWord.toUpperCase()];
  if (layout === undefined) throw new Error(`${typeWord} is written as \\# LENGTH HEX (RFC 3597)`);
  const left = [...words];
  const parts = layout.fields.map((field) => encodeField(field, left, absolute));
  if (left.length > 0) throw new Error(`"${left.map(({ text }) => text).join(' ')}" is too much for ${typeWord}`);
  const data = Buffer.concat(parts);
  if (data.length > 0xffff) throw new Error(`data of ${data.length} bytes is too long`);
  return data;
}

function encodeField(field: Field, left: Word[], absolute: (name: string) => string): Uint8Array {
  if (field === 'texts') return Buffer.concat(need(left.splice(0)).map(({ text }) => lengthAndText(text)));
  if (field === 'hex') return fromHex(need(left.splice(0)).map(({ text }) => text).join(''));
  const [word] = need(left.splice(0, 1));
  const text = word?.text ?? '';
  switch (field) {
    case 1: case 2: return wholeNumber(text, field);
    case 'ipv4': if (!isIPv4(text)) throw new Error(`"${text}" is no IPv4 address`); return addressBytes(text, 4);
    case 'ipv6': if (!isIPv6(text)) throw new Error(`"${text}" is no IPv6 address`); return addressBytes(text, 16);
    case 'name': return nameBytes(absolute(text));
    case 'text': return lengthAndText(text);
    case 'rest': return unescaped(text);
  }
}

function need(words: Word[]): Word[] {
  if (words.length === 0) throw new Error('something is missing at its end');
  return words;
}

function wholeNumber(text: string, size: 1 | 2): Uint8Array {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(value < 2 ** (8 * size))) throw new Error(`"${text}" is no number from 0 to ${2 ** (8 * size) - 1}`);
  return size === 1 ? Uint8Array.of(value) : Uint8Array.of(value >> 8, value & 0xff);
}

/** An address in network order. */
export function addressBytes(address: string, size: 4 | 16): Uint8Array {
  return Buffer.from(parseIp(address).value.toString(16).padStart(size * 2, '0'), 'hex');
}

function nameBytes(name: string): Uint8Array {
  const wire = wireOf(name);
  if (wire === null) throw new Error(`"${name}" is no domain name`);
  return wire;
}

/** A character string (RFC 1035 §3.3). */
function lengthAndText(text: string): Uint8Array {
  const bytes = unescaped(text);
  if (bytes.length > 255) throw new Error(`a text of ${bytes.length} bytes is too long: write it as several of up to 255`);
  return Buffer.concat([Uint8Array.of(bytes.length), bytes]);
}

function unescaped(text: string): Buffer {
  const pieces = [...text.matchAll(/\\(\d{3})|\\([^])|([^\\]+)/g)];
  return Buffer.concat(pieces.map(([, code, char, plain]) => (code === undefined ? Buffer.from(char ?? plain ?? '', 'utf8') : Buffer.of(Number(code) & 0xff))));
}

function unknownData([length, ...hex]: readonly Word[]): Uint8Array {
  const data = fromHex(hex.map(({ text }) => text).join(''));
  if (length === undefined || Number(length.text) !== data.length) throw new Error(`\\# says ${length?.text ?? 'nothing'}, there are ${data.length} bytes`);
  return data;
}

function fromHex(text: string): Buffer {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new Error(`"${text}" is not in hex digits, two for each byte`);
  return Buffer.from(text, 'hex');
}
