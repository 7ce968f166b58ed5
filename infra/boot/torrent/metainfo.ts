/** A .torrent file that can't be read. */
export class MalformedMetainfo extends Error {
  override readonly name = 'MalformedMetainfo';
}

/** What a served .torrent says instead of the stored one. */
export interface Replacement { announce: string; urlList: readonly string[] }

/**
 * A .torrent file (BEP 3) with another `announce` and `url-list` (BEP 19). Every other entry, the info dictionary above
 * all, is copied byte by byte, so the info hash stays what it was. Throws MalformedMetainfo.
 */
export function withTracker(torrent: Uint8Array, { announce, urlList }: Replacement): Uint8Array {
  const entries = new Map([...topLevel(torrent)].filter(([key]) => key !== 'announce-list' && key !== 'url-list'));
  entries.set('announce', byteString(announce));
  if (urlList.length > 0) entries.set('url-list', Buffer.concat([Buffer.from('l'), ...urlList.map(byteString), Buffer.from('e')]));
  // Keys are sorted as raw bytes (BEP 3); ours are ASCII.
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([Buffer.from('d'), ...sorted.flatMap(([key, value]) => [byteString(key), value]), Buffer.from('e')]);
}

/** The bytes of the info dictionary; its SHA-1 is the info hash. Throws MalformedMetainfo. */
export function infoOf(torrent: Uint8Array): Uint8Array {
  const info = topLevel(torrent).get('info');
  if (info === undefined) throw new MalformedMetainfo('a .torrent file without an info dictionary');
  return info;
}

/** A bencoded dictionary of one text, the answer to a refused announce (BEP 3, "failure reason"). */
export function failure(reason: string): Uint8Array {
  return Buffer.concat([Buffer.from('d'), byteString('failure reason'), byteString(reason), Buffer.from('e')]);
}

function byteString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes]);
}

function topLevel(torrent: Uint8Array): Map<string, Uint8Array> {
  if (torrent[0] !== 0x64) throw new MalformedMetainfo('not a bencoded dictionary');
  const entries = new Map<string, Uint8Array>();
  let at = 1;
  while (torrent[at] !== 0x65) {
    const [start, end] = stringAt(torrent, at);
    const after = endOf(torrent, end, 0);
    entries.set(Buffer.from(torrent.subarray(start, end)).toString('latin1'), torrent.subarray(end, after));
    at = after;
  }
  return entries;
}

/** Where the value that starts at `at` ends. */
function endOf(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > 32) throw new MalformedMetainfo('nested too deeply');
  switch (bytes[at]) {
    case 0x69: return indexOf(bytes, 0x65, at) + 1;
    case 0x6c:
    case 0x64: {
      let next = at + 1;
      while (bytes[next] !== 0x65) next = endOf(bytes, next, depth + 1);
      return next + 1;
    }
    default: return stringAt(bytes, at)[1];
  }
}

/** Begin and end of the content of a byte string `<length>:<content>`. */
function stringAt(bytes: Uint8Array, at: number): [number, number] {
  const colon = indexOf(bytes, 0x3a, at);
  const digits = Buffer.from(bytes.subarray(at, colon)).toString('latin1');
  if (!/^(0|[1-9]\d{0,9})$/.test(digits)) throw new MalformedMetainfo(`no value at byte ${at}`);
  const end = colon + 1 + Number(digits);
  if (end > bytes.length) throw new MalformedMetainfo(`cut off at byte ${bytes.length}`);
  return [colon + 1, end];
}

function indexOf(bytes: Uint8Array, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  if (found < 0 || found - from > 32) throw new MalformedMetainfo(`no value at byte ${from}`);
  return found;
}
