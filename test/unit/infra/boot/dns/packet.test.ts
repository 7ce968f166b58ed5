import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeMessage, questionOf } from '../../../../../infra/boot/dns/message.ts';
import { keyOf, textOf, wireOf } from '../../../../../infra/boot/dns/name.ts';
import { decodeQuery } from '../../../../../infra/boot/dns/packet.ts';
import { formatError } from '../../../../../infra/boot/dns/reply.ts';
import { decodeResponse } from '../../../../../infra/boot/dns/response.ts';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';

/** As dig sends it: id 1234, RD, one question, OPT with 1232 bytes and DO. */
const QUERY = Buffer.from('1234012000010000000000010 74e6f4465303031 07636c7573746572 00 0001 0001 00 0029 04d0 0000 8000 0000'.replaceAll(' ', ''), 'hex');
const wire = (name: string): Uint8Array => wireOf(name) ?? assert.fail(name);

test('reads the question in lower case and as it was asked, and what the client takes', () => {
  const query = decodeQuery(QUERY);

  assert.equal(textOf(query.question.key), 'node001.cluster');
  assert.equal(Buffer.from(query.question.name).toString('latin1'), '\x07NoDe001\x07cluster\0');
  assert.deepEqual(query.edns, { version: 0, size: 1232, wantsDnssec: true });
});

test('refuses a query that is cut off, at every length, with the place', () => {
  for (let length = 0; length < QUERY.length; length++) {
    assert.throws(() => decodeQuery(QUERY.subarray(0, length)), (error) => error instanceof MalformedPacket && error.offset < QUERY.length, `${length} bytes`);
  }
});

test('throws nothing but MalformedPacket, whatever bytes are changed', () => {
  for (let at = 0; at < QUERY.length; at++) {
    for (const value of [0, 1, 0x3f, 0x40, 0x80, 0xc0, 0xff]) {
      const bytes = Buffer.from(QUERY);
      bytes[at] = value;
      try {
        decodeQuery(bytes);
      } catch (error) {
        assert.ok(error instanceof MalformedPacket, String(error));
      }
    }
  }
});

test('answers FORMERR to what can not be read, and nothing to answers', () => {
  assert.equal(formatError(QUERY)?.toString('hex'), '123481010000000000000000');
  assert.equal(formatError(Buffer.from('123481200001000000000000', 'hex')), null);
  assert.equal(formatError(Buffer.alloc(5)), null);
});

test('reads from the wire what it writes', () => {
  const question = questionOf(wire('www.cluster'), 1);
  const set = (name: string, type: number, data: Uint8Array) => ({ key: keyOf(wire(name)), owner: wire(name), type, ttl: 60, data: [data] });
  const sets = [set('www.cluster', 5, wire('node001.cluster')), set('node001.cluster', 1, Uint8Array.of(10, 30, 0, 1))];

  const bytes = encodeMessage({ id: 7, flags: 0x8400, rcode: 0, question, answer: sets, authority: [], additional: [], edns: { wantsDnssec: false } }, 512);
  const read = decodeResponse(bytes);

  assert.deepEqual(read.answer.map(({ key, type, ttl, data }) => [textOf(key), type, ttl, Buffer.from(data[0] ?? []).toString('latin1')]), [
    ['www.cluster', 5, 60, '\x07node001\x07cluster\0'],
    ['node001.cluster', 1, 60, '\x0a\x1e\0\x01'],
  ]);
  // Two owners are a pointer each, wholly or behind `node001`.
  assert.equal(bytes.length, 12 + 17 + (12 + 17) + (20 + 4) + 11);
});

test('follows no pointer that leads round', () => {
  const bytes = Buffer.from('000781800001000100000000 0161 00 0001 0001 c013 0001 0001 0000003c 0004 01020304'.replaceAll(' ', ''), 'hex');

  assert.throws(() => decodeResponse(bytes), /pointer to byte 19, which does not lie before the name at byte 19/);
});
