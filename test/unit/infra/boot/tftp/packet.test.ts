import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';
import { decode, encode, type TftpPacket } from '../../../../../infra/boot/tftp/packet.ts';
import { capture, tftpCaptures } from '../../../../support/captures.ts';
import { mutations } from '../../../../support/mutations.ts';

const none = new Map<string, string>();
const packets: TftpPacket[] = [
  { type: 'read', file: 'undionly.kpxe', mode: 'octet', options: none },
  { type: 'read', file: 'a', mode: 'octet', options: new Map([['tsize', '0'], ['blksize', '1428']]) },
  { type: 'write', file: 'a', mode: 'octet', options: none },
  { type: 'data', block: 65535, data: Uint8Array.of(1, 2, 3) },
  { type: 'data', block: 1, data: new Uint8Array() },
  { type: 'ack', block: 0 },
  { type: 'error', code: 1, message: 'no such file' },
  { type: 'oack', options: new Map([['blksize', '1428']]) },
];

describe('a TFTP packet', () => {
  for (const packet of packets) {
    it(`${packet.type} reads as it was written`, () => assert.deepEqual(decode(encode(packet)), packet));
  }

  it('is read as OVMF sends it', () => {
    assert.deepEqual(decode(capture('ovmf-read-size')), {
      type: 'read',
      file: 'snponly.efi',
      mode: 'octet',
      options: new Map([['tsize', '0'], ['blksize', '1468'], ['windowsize', '4']]),
    });
    assert.deepEqual(decode(capture('ovmf-read-error')), { type: 'error', code: 8, message: 'User aborted the transfer' });
  });

  it('may spell mode and option names in any case (RFC 2347)', () => {
    const bytes = encode({ type: 'read', file: 'A.efi', mode: 'OCTET', options: new Map([['BLKSIZE', '1428']]) });

    assert.deepEqual(decode(bytes), { type: 'read', file: 'A.efi', mode: 'octet', options: new Map([['blksize', '1428']]) });
  });

  it('may be padded with NULs', () => {
    const bytes = Buffer.concat([encode({ type: 'read', file: 'a', mode: 'octet', options: none }), Buffer.alloc(9)]);

    assert.deepEqual(decode(bytes), { type: 'read', file: 'a', mode: 'octet', options: none });
  });

  it('that reports an error may lack the closing NUL', () => {
    assert.deepEqual(decode(Uint8Array.of(0, 5, 0, 0, 0x6e, 0x6f)), { type: 'error', code: 0, message: 'no' });
  });

  const broken: [string, number[]][] = [
    ['without a whole opcode', [0]],
    ['of an unknown opcode', [0, 9, 0, 0]],
    ['that asks for no file', [0, 1]],
    ['whose file name never ends', [0, 1, 97, 98]],
    ['without a mode', [0, 1, 97, 0]],
    ['with an option that has no value', [0, 1, 97, 0, 98, 0, 99, 0]],
    ['with half a block number', [0, 4, 1]],
  ];
  for (const [name, bytes] of broken) {
    it(`${name} is malformed`, () => assert.throws(() => decode(Uint8Array.from(bytes)), MalformedPacket));
  }
});

describe('a damaged TFTP packet', () => {
  for (const name of tftpCaptures) {
    it(`${name} is read or refused, cut anywhere or mutated`, () => {
      const bytes = capture(name);
      const damaged = [...Array.from(bytes, (_, length) => bytes.subarray(0, length)), ...mutations(bytes, 1000, 3)];
      for (const one of damaged) {
        try {
          decode(one);
        } catch (error) {
          if (!(error instanceof MalformedPacket)) throw error;
        }
      }
    });
  }
});
