import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDatagram, writeDatagram } from '../../../../infra/boot/ipv4-datagram.ts';

/** A written packet as if it came back: to the port of clients. */
function returned(change: (bytes: Buffer) => void = () => undefined): Buffer {
  const bytes = Buffer.from(writeDatagram(Uint8Array.of(1, 2, 3)));
  bytes.writeUInt32BE(0x0a000009, 12);
  bytes.writeUInt16BE(68, 22);
  change(bytes);
  return bytes;
}

/** The sum that a receiver makes over 16-bit words; 0xffff when the checksum fits. */
function sum(bytes: Buffer): number {
  let all = 0;
  for (let at = 0; at < bytes.length; at += 2) all += bytes.readUInt8(at) * 256 + (bytes[at + 1] ?? 0);
  while (all > 0xffff) all = (all & 0xffff) + (all >>> 16);
  return all;
}

test('a client without an address broadcasts from 0.0.0.0, with checksums that receivers accept', () => {
  const bytes = Buffer.from(writeDatagram(Uint8Array.of(1, 2, 3)));
  const pseudo = Buffer.concat([bytes.subarray(12, 20), Buffer.from([0, 17, 0, 11]), bytes.subarray(20)]);

  assert.equal(bytes.toString('hex', 12, 24), '00000000ffffffff00440043');
  assert.equal(sum(bytes.subarray(0, 20)), 0xffff);
  assert.equal(sum(pseudo), 0xffff);
});

test('what comes to the port of clients is read, behind any IP header', () => {
  assert.deepEqual(readDatagram(returned()), { from: '10.0.0.9', payload: Uint8Array.of(1, 2, 3) });

  const plain = returned();
  const withOptions = Buffer.concat([plain.subarray(0, 20), Buffer.alloc(4), plain.subarray(20), Buffer.alloc(10)]);
  withOptions.writeUInt8(0x46, 0);
  assert.deepEqual(readDatagram(withOptions), { from: '10.0.0.9', payload: Uint8Array.of(1, 2, 3) });
});

test('nothing else is, and nothing throws', () => {
  assert.equal(readDatagram(returned((bytes) => { bytes.writeUInt8(6, 9); })), null);
  assert.equal(readDatagram(returned((bytes) => { bytes.writeUInt16BE(0x2000, 6); })), null);
  assert.equal(readDatagram(returned((bytes) => { bytes.writeUInt16BE(67, 22); })), null);
  assert.equal(readDatagram(returned((bytes) => { bytes.writeUInt16BE(4000, 24); })), null);
  assert.equal(readDatagram(returned((bytes) => { bytes.writeUInt8(0x60, 0); })), null);
  for (let length = 0; length < 31; length += 1) assert.equal(readDatagram(returned().subarray(0, length)), null);
});
