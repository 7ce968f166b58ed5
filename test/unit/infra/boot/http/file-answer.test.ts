import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileAnswer, type FileRequest } from '../../../../../infra/boot/http/file-answer.ts';

const modified = new Date('2026-01-02T03:04:05.600Z');
const file = { size: 10, etag: '"abc"', modified, type: 'application/octet-stream' };
const HEADER_DATE = 'Fri, 02 Jan 2026 03:04:05 GMT';
const nothing: FileRequest = { 'range': undefined, 'if-range': undefined, 'if-match': undefined, 'if-none-match': undefined, 'if-modified-since': undefined, 'if-unmodified-since': undefined };

const statuses: [asked: Partial<FileRequest>, status: number, why: string][] = [
  [{}, 200, 'nothing is asked for in particular'],
  [{ 'range': 'bytes=0-1' }, 206, 'a part is asked for'],
  [{ 'range': 'bytes=10-' }, 416, 'the part is beyond the end'],
  [{ 'if-none-match': '"abc"' }, 304, 'the client has these bytes'],
  [{ 'if-none-match': '"x", W/"abc"' }, 304, 'the client has these bytes among others'],
  [{ 'if-none-match': '*' }, 304, 'the client has anything'],
  [{ 'if-none-match': '"x"' }, 200, 'the client has other bytes'],
  [{ 'if-none-match': '"x"', 'if-modified-since': HEADER_DATE }, 200, 'the tag differs, whatever the date'],
  [{ 'if-none-match': '"abc"', 'range': 'bytes=0-1' }, 304, 'the client has these bytes and wants a part'],
  [{ 'if-modified-since': HEADER_DATE }, 304, 'nothing changed since'],
  [{ 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 200, 'it changed since'],
  [{ 'if-modified-since': 'yesterday' }, 200, 'the date is none'],
  [{ 'if-match': '"abc"' }, 200, 'it is what the client expects'],
  [{ 'if-match': 'W/"abc"' }, 412, 'a weak tag promises nothing'],
  [{ 'if-match': '"x"' }, 412, 'the client expects something else'],
  [{ 'if-unmodified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 412, 'it changed since the date'],
  [{ 'if-range': '"abc"', 'range': 'bytes=0-1' }, 206, 'the client goes on with the same bytes'],
  [{ 'if-range': '"x"', 'range': 'bytes=0-1' }, 200, 'what the client has begun is another version'],
  [{ 'if-range': 'W/"abc"', 'range': 'bytes=0-1' }, 200, 'a weak tag is no ground to go on'],
  [{ 'if-range': HEADER_DATE, 'range': 'bytes=0-1' }, 206, 'the client goes on by date'],
  [{ 'if-range': 'Thu, 01 Jan 2026 00:00:00 GMT', 'range': 'bytes=0-1' }, 200, 'the date is another'],
];

for (const [asked, status, why] of statuses) {
  test(`answers ${status} when ${why}`, () => { assert.equal(fileAnswer({ ...nothing, ...asked }, file).status, status); });
}

test('tells what a file is in every answer', () => {
  const { headers, length } = fileAnswer(nothing, file);

  assert.equal(length, 10);
  assert.deepEqual(headers, { 'ETag': '"abc"', 'Last-Modified': HEADER_DATE, 'Accept-Ranges': 'bytes', 'Content-Type': file.type });
  assert.equal(fileAnswer({ ...nothing, 'range': 'bytes=10-' }, file).headers['Content-Range'], 'bytes */10');
});

test('puts several parts into one body whose length is told right', () => {
  const { status, headers, pieces, length } = fileAnswer({ ...nothing, 'range': 'bytes=0-1,5-6' }, file);
  const body = pieces.map((piece) => (typeof piece === 'string' ? piece : '0123456789'.slice(piece.start, piece.end))).join('');

  assert.equal(status, 206);
  assert.equal(length, body.length);
  const boundary = headers['Content-Type']?.split('boundary=')[1] ?? '';
  const parts = body.split(`\r\n--${boundary}`).map((part) => part.split('\r\n\r\n')[1]);
  assert.deepEqual(parts, [undefined, '01', '56', undefined]);
  assert.match(body, /Content-Range: bytes 5-6\/10\r\n/);
});
