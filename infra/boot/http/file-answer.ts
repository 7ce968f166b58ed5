import { byteRanges, type ByteRange } from './byte-ranges.ts';

/** A file as HTTP sees it. `etag` is strong and quoted: equal tags are equal bytes. */
export interface ServedFile { size: number; etag: string; modified: Date; type: string }

/** The headers that decide what is sent, as node:http names them. */
export type FileRequest = Readonly<Record<'range' | 'if-range' | 'if-match' | 'if-none-match' | 'if-modified-since' | 'if-unmodified-since', string | undefined>>;

/** A piece of an answer's body: text, or bytes of the file. */
export type Piece = string | ByteRange;

/** What to send. `length` is that of the body, also of one that HEAD leaves out. */
export interface FileAnswer { status: 200 | 206 | 304 | 412 | 416; headers: Record<string, string>; pieces: readonly Piece[]; length: number }

/** A line that no boot file holds at a place where it would matter: clients go by the lengths. */
const BOUNDARY = 'luna-part-of-a-file';

/** Decides an answer to GET or HEAD of a file: conditions first, then ranges (RFC 9110 §13.2.2, §14). */
export function fileAnswer(asked: FileRequest, file: ServedFile): FileAnswer {
  const common = { 'ETag': file.etag, 'Last-Modified': file.modified.toUTCString(), 'Accept-Ranges': 'bytes' };
  const empty = (status: 304 | 412 | 416, more: Record<string, string> = {}): FileAnswer => ({ status, headers: { ...common, ...more }, pieces: [], length: 0 });
  if (!isExpected(asked, file)) return empty(412);
  if (isUnchanged(asked, file)) return empty(304);
  const range = isSame(asked['if-range'], file) ? byteRanges(asked.range, file.size) : { kind: 'whole' as const };
  switch (range.kind) {
    case 'unsatisfiable': return empty(416, { 'Content-Range': `bytes */${file.size}` });
    case 'whole': return { status: 200, headers: { ...common, 'Content-Type': file.type }, pieces: [{ start: 0, end: file.size }], length: file.size };
    case 'parts': {
      const [only, ...others] = range.parts;
      if (only === undefined || others.length > 0) return manyParts(common, file, range.parts);
      return { status: 206, headers: { ...common, 'Content-Type': file.type, 'Content-Range': contentRange(only, file) }, pieces: [only], length: only.end - only.start };
    }
  }
}

/** Several ranges in one body (RFC 9110 §14.6). */
function manyParts(common: Record<string, string>, file: ServedFile, parts: readonly ByteRange[]): FileAnswer {
  const pieces: Piece[] = parts.flatMap((part) => [`\r\n--${BOUNDARY}\r\nContent-Type: ${file.type}\r\nContent-Range: ${contentRange(part, file)}\r\n\r\n`, part]);
  pieces.push(`\r\n--${BOUNDARY}--\r\n`);
  const length = pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece.length : piece.end - piece.start), 0);
  return { status: 206, headers: { ...common, 'Content-Type': `multipart/byteranges; boundary=${BOUNDARY}` }, pieces, length };
}

const contentRange = ({ start, end }: ByteRange, { size }: ServedFile): string => `bytes ${start}-${end - 1}/${size}`;

function isExpected(asked: FileRequest, file: ServedFile): boolean {
  const match = asked['if-match'];
  if (match !== undefined) return match.trim() === '*' || tagsIn(match).includes(file.etag);
  const since = secondsOf(asked['if-unmodified-since']);
  return since === null || Math.floor(file.modified.getTime() / 1000) <= since;
}

function isUnchanged(asked: FileRequest, file: ServedFile): boolean {
  const none = asked['if-none-match'];
  // Weak comparison, where W/ makes no difference (RFC 9110 §13.1.2).
  if (none !== undefined) return none.trim() === '*' || tagsIn(none).some((tag) => tag.replace(/^W\//, '') === file.etag);
  const since = secondsOf(asked['if-modified-since']);
  return since !== null && Math.floor(file.modified.getTime() / 1000) <= since;
}

/** Whether a range may be served of the file as it is now (RFC 9110 §13.1.5): a weak tag never matches. */
function isSame(header: string | undefined, file: ServedFile): boolean {
  if (header === undefined) return true;
  return header.includes('"') ? header.trim() === file.etag : header.trim() === file.modified.toUTCString();
}

const tagsIn = (list: string): string[] => list.match(/(?:W\/)?"[^"]*"/g) ?? [];

function secondsOf(date: string | undefined): number | null {
  const at = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(at) ? null : Math.floor(at / 1000);
}
