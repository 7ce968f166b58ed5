import { option, type Options } from './options.ts';

/** One option as it is written. */
export type Entry = readonly [code: number, value: Uint8Array];

/** Which options stand in which part of a message, and which of the two header fields are overloaded with them. */
export interface Layout {
  readonly main: readonly Entry[];
  readonly file: readonly Entry[];
  readonly sname: readonly Entry[];
  /** Value of option 52: 0 = neither, 1 = file, 2 = sname, 3 = both. Not yet among `main`. */
  readonly overload: number;
  /** Bytes that the options field takes, end and option 52 among them. */
  readonly mainLength: number;
}

const fileLength = 128;
const snameLength = 64;
/** Option 52 itself. */
const overloadLength = 3;

/**
 * Puts options where they fit: in the options field of at most `room` bytes, and what is too much there in the fields of
 * the server name and then of the boot file (RFC 2131 §4.1, RFC 2132 §9.3). A PXE ROM may read the file's name in the header
 * only, so that field is the last resort. What fits nowhere is left out, the last named first.
 */
export function layOut(options: Options, room: number): Layout {
  const entries = ordered(options);
  let whole = 1;
  for (const [, value] of entries) whole += encodedLength(value);
  if (whole <= room) return { main: entries, file: [], sname: [], overload: 0, mainLength: whole };
  const withSname = spread(entries, room, snameLength, 0);
  if (withSname.left === 0) return withSname.layout;
  return spread(entries, room, snameLength, fileLength).layout;
}

/** Bytes of an option on the wire: a value of more than 255 bytes becomes several (RFC 3396 §6). */
export function encodedLength(value: Uint8Array): number {
  return value.length <= 255 ? value.length + 2 : value.length + 2 * Math.ceil(value.length / 255);
}

/** The message type and the server come first for simple-minded ROMs; the relay's option last (RFC 3046 §2.1). */
function ordered(options: Options): Entry[] {
  const [first, last]: [Entry[], Entry[]] = [[], []];
  const [type, server] = [options.get(option.messageType), options.get(option.serverId)];
  if (type !== undefined) first.push([option.messageType, type]);
  if (server !== undefined) first.push([option.serverId, server]);
  for (const entry of options) {
    const [code] = entry;
    if (code === option.relayAgent) last.push(entry);
    else if (code !== option.messageType && code !== option.serverId) first.push(entry);
  }
  first.push(...last);
  return first;
}

function spread(entries: readonly Entry[], room: number, sname: number, file: number): { layout: Layout; left: number } {
  const relay = entries.find(([code]) => code === option.relayAgent);
  const parts = {
    // The relay reads its option in the options field and nowhere else.
    main: { room: room - overloadLength - 1 - (relay === undefined ? 0 : encodedLength(relay[1])), entries: [] as Entry[] },
    file: { room: file === 0 ? 0 : file - 1, entries: [] as Entry[] },
    sname: { room: sname - 1, entries: [] as Entry[] },
  };
  let left = 0;
  for (const entry of entries) {
    if (entry === relay) continue;
    const size = encodedLength(entry[1]);
    const part = [parts.main, parts.file, parts.sname].find((one) => size <= one.room);
    if (part === undefined) left += 1;
    else {
      part.entries.push(entry);
      part.room -= size;
    }
  }
  if (relay !== undefined) parts.main.entries.push(relay);
  const overload = (parts.file.entries.length > 0 ? 1 : 0) + (parts.sname.entries.length > 0 ? 2 : 0);
  const mainLength = parts.main.entries.reduce((sum, [, value]) => sum + encodedLength(value), overloadLength + 1);
  return { layout: { main: parts.main.entries, file: parts.file.entries, sname: parts.sname.entries, overload, mainLength }, left };
}
