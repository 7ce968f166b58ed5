import { MalformedPacket } from '../malformed-packet.ts';

/** Error codes of RFC 1350 §5 and RFC 2347. */
export const errorCode = {
  undefined: 0,
  notFound: 1,
  accessViolation: 2,
  illegalOperation: 4,
  unknownTransfer: 5,
  optionRefused: 8,
} as const;

/** A client's wish. Mode and option names are in lower case, since RFC 1350 §5 and RFC 2347 make their case irrelevant. */
export interface TftpRequest<Type extends 'read' | 'write' = 'read' | 'write'> {
  readonly type: Type;
  readonly file: string;
  readonly mode: string;
  readonly options: ReadonlyMap<string, string>;
}

/** A refusal, or the end of a transfer that can't go on. */
export interface TftpError {
  readonly type: 'error';
  readonly code: number;
  readonly message: string;
}

/** A TFTP packet (RFC 1350 §5; OACK: RFC 2347). */
export type TftpPacket =
  | TftpRequest<'read'>
  | TftpRequest<'write'>
  | { readonly type: 'data'; readonly block: number; readonly data: Uint8Array }
  | { readonly type: 'ack'; readonly block: number }
  | TftpError
  | { readonly type: 'oack'; readonly options: ReadonlyMap<string, string> };

const opcodes = { read: 1, write: 2, data: 3, ack: 4, error: 5, oack: 6 } as const;

/** Reads a packet; the result shares no memory with `bytes`. Throws MalformedPacket and nothing else. */
export function decode(bytes: Uint8Array): TftpPacket {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 2) throw new MalformedPacket('TFTP packet is shorter than its opcode', data.length);
  switch (data.readUInt16BE(0)) {
    case opcodes.read:
      return decodeRequest('read', data);
    case opcodes.write:
      return decodeRequest('write', data);
    case opcodes.data:
      return { type: 'data', block: number(data, 'DATA'), data: Uint8Array.from(data.subarray(4)) };
    case opcodes.ack:
      return { type: 'ack', block: number(data, 'ACK') };
    case opcodes.error:
      // Some clients leave the closing NUL of the message out; a transfer they gave up is over all the same.
      return { type: 'error', code: number(data, 'ERROR'), message: data.toString('latin1', 4).split('\0')[0] ?? '' };
    case opcodes.oack:
      return { type: 'oack', options: pairs(strings(data, 2), 2) };
    default:
      throw new MalformedPacket('unknown TFTP opcode', 0);
  }
}

/** A DATA packet with the bytes of `content` from `start` to before `end`; `block` is cut to its 16 bits. The only packet worth writing fast. */
export function dataPacket(block: number, content: Uint8Array, start: number, end: number): Uint8Array {
  const part = content.subarray(start, end);
  const packet = Buffer.allocUnsafe(4 + part.length);
  packet.writeUInt16BE(opcodes.data, 0);
  packet.writeUInt16BE(block & 0xffff, 2);
  packet.set(part, 4);
  return packet;
}

/** Writes a packet. */
export function encode(packet: TftpPacket): Uint8Array {
  switch (packet.type) {
    case 'read':
    case 'write':
      return join(opcodes[packet.type], strung([packet.file, packet.mode, ...[...packet.options].flat()]));
    case 'data':
      return join(opcodes.data, short(packet.block), packet.data);
    case 'ack':
      return join(opcodes.ack, short(packet.block));
    case 'error':
      return join(opcodes.error, short(packet.code), strung([packet.message]));
    case 'oack':
      return join(opcodes.oack, strung([...packet.options].flat()));
  }
}

function decodeRequest(type: 'read' | 'write', data: Buffer): TftpPacket {
  const parts = strings(data, 2);
  const [file, mode] = parts;
  if (file === undefined || mode === undefined) throw new MalformedPacket('request without file name or mode', data.length);
  return { type, file, mode: mode.toLowerCase(), options: pairs(parts.slice(2), data.length) };
}

/** The NUL-terminated texts from `start` on. PXE ROMs pad requests with NULs, so empty texts at the end are dropped. */
function strings(data: Buffer, start: number): string[] {
  if (data.length > start && data.at(-1) !== 0) throw new MalformedPacket('text without closing NUL', data.length);
  const parts = data.toString('utf8', start).split('\0').slice(0, -1);
  while (parts.at(-1) === '') parts.pop();
  return parts;
}

function pairs(parts: readonly string[], offset: number): Map<string, string> {
  if (parts.length % 2 !== 0) throw new MalformedPacket('option without a value', offset);
  const options = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) options.set((parts[at] ?? '').toLowerCase(), parts[at + 1] ?? '');
  return options;
}

function number(data: Buffer, what: string): number {
  if (data.length < 4) throw new MalformedPacket(`${what} is cut short`, data.length);
  return data.readUInt16BE(2);
}

function short(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 255, value & 255);
}

function strung(parts: readonly string[]): Uint8Array {
  return Buffer.from(parts.map((part) => `${part}\0`).join(''), 'utf8');
}

function join(opcode: number, ...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat([short(opcode), ...parts]));
}
