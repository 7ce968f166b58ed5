import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { option } from '../../../../../infra/boot/dhcp/options.ts';
import { encode } from '../../../../../infra/boot/dhcp/encode.ts';
import type { DhcpPacket } from '../../../../../infra/boot/dhcp/format.ts';
import { decode } from '../../../../../infra/boot/dhcp/packet.ts';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';
import { capture, dhcpCaptures } from '../../../../support/captures.ts';
import { mutations } from '../../../../support/mutations.ts';

const header = 240;

function withOptions(options: number[], fields: { sname?: number[]; file?: number[] } = {}): Uint8Array {
  const bytes = new Uint8Array(header + options.length);
  bytes.set(capture('dhclient-discover').subarray(0, header));
  bytes.set(fields.sname ?? [], 44);
  bytes.set(fields.file ?? [], 108);
  bytes.set(options, header);
  return bytes;
}

function optionsOf(bytes: Uint8Array): [number, number[]][] {
  return [...decode(bytes).options].map(([code, value]) => [code, [...value]]);
}

describe('decode', () => {
  it('reads the DISCOVER of a BIOS with iPXE in its card', () => {
    const packet = decode(capture('ipxe-bios-rom-discover'));

    assert.equal(packet.op, 1);
    assert.equal(Buffer.from(packet.chaddr.subarray(0, 6)).toString('hex'), '525400000001');
    assert.deepEqual([...(packet.options.get(option.messageType) ?? [])], [1]);
    assert.deepEqual([...(packet.options.get(option.clientArch) ?? [])], [0, 0]);
    assert.equal(Buffer.from(packet.options.get(option.vendorClass) ?? []).toString(), 'PXEClient:Arch:00000:UNDI:002001');
    assert.equal(Buffer.from(packet.options.get(option.userClass) ?? []).toString(), 'iPXE');
    assert.equal(packet.options.get(option.clientUuid)?.length, 17);
  });

  it('reads the DISCOVER of a UEFI firmware', () => {
    const packet = decode(capture('ovmf-discover'));

    assert.deepEqual([...(packet.options.get(option.clientArch) ?? [])], [0, 7]);
    assert.equal(packet.options.has(option.userClass), false);
    assert.equal(packet.flags, 0x8000);
  });

  it('shares no memory with the datagram', () => {
    const bytes = Uint8Array.from(capture('dhclient-discover'));
    const packet = decode(bytes);

    bytes.fill(0xee);

    assert.equal(packet.chaddr[0], 0x52);
    assert.deepEqual([...(packet.options.get(option.messageType) ?? [])], [1]);
  });

  it('skips each pad once', () => assert.deepEqual(optionsOf(withOptions([0, 53, 1, 1, 0, 0, 12, 1, 97, 255])), [[53, [1]], [12, [97]]]));

  it('joins an option that comes in parts (RFC 3396)', () => {
    assert.deepEqual(optionsOf(withOptions([67, 1, 97, 53, 1, 1, 67, 2, 98, 99, 255])), [[67, [97, 98, 99]], [53, [1]]]);
  });

  it('reads options out of file and sname when they are lent for it', () => {
    const packet = decode(withOptions([53, 1, 1, 52, 1, 3, 12, 1, 97, 255], { file: [12, 1, 98, 255], sname: [12, 1, 99, 255] }));

    assert.equal(Buffer.from(packet.options.get(option.hostname) ?? []).toString(), 'abc');
    assert.deepEqual([packet.file, packet.sname], ['', '']);
  });

  it('reads nothing behind the end option', () => assert.deepEqual(optionsOf(withOptions([53, 1, 1, 255, 12, 200])), [[53, [1]]]));

  it('forgives a missing end option', () => assert.deepEqual(optionsOf(withOptions([53, 1, 1])), [[53, [1]]]));

  it('names the byte at which an option is cut short', () => {
    for (const options of [[53, 1, 1, 12, 9, 97], [53, 1, 1, 12]]) {
      assert.throws(() => decode(withOptions(options)), (error) => error instanceof MalformedPacket && error.offset === header + 3);
    }
  });

  it('refuses a message without the magic cookie', () => {
    const bytes = withOptions([53, 1, 1, 255]);
    bytes[236] = 0;

    assert.throws(() => decode(bytes), /no DHCP magic cookie at byte 236/);
  });
});

describe('encode', () => {
  for (const name of dhcpCaptures) {
    it(`writes ${name} so that it reads the same`, () => {
      const packet = decode(capture(name));

      assert.deepEqual(decode(encode(packet)), packet);
    });
  }

  const packet: DhcpPacket = decode(capture('dhclient-discover'));

  it('fills up to the 300 bytes of BOOTP', () => assert.equal(encode({ ...packet, options: new Map() }).length, 300));

  it('puts the message type first and the relay’s option last', () => {
    const options = new Map([[82, Uint8Array.of(9)], [12, Uint8Array.of(8)], [54, Uint8Array.of(1, 2, 3, 4)], [53, Uint8Array.of(2)]]);
    const bytes = encode({ ...packet, options });

    assert.deepEqual([...bytes.subarray(header, header + 16)], [53, 1, 2, 54, 4, 1, 2, 3, 4, 12, 1, 8, 82, 1, 9, 255]);
  });

  it('splits a value of more than 255 bytes', () => {
    const long = Uint8Array.from({ length: 600 }, (_, index) => index % 251);
    const bytes = encode({ ...packet, options: new Map([[67, long]]) });

    assert.equal(bytes[header + 1], 255);
    assert.deepEqual(decode(bytes).options.get(67), long);
  });

  it('keeps an option without a value', () => {
    assert.deepEqual(decode(encode({ ...packet, options: new Map([[80, new Uint8Array()]]) })).options.get(80), new Uint8Array());
  });

  it('refuses a file name that would run into the cookie', () => {
    assert.throws(() => encode({ ...packet, file: 'x'.repeat(128) }), RangeError);
    assert.equal(decode(encode({ ...packet, file: 'x'.repeat(127) })).file, 'x'.repeat(127));
  });
});

describe('a damaged message', () => {
  for (const name of dhcpCaptures) {
    it(`${name}, cut at every length, is read or refused`, () => {
      const bytes = capture(name);
      for (let length = 0; length < bytes.length; length += 1) readOrRefuse(bytes.subarray(0, length));
    });

    it(`${name}, mutated 500 times, is read or refused`, () => {
      for (const bytes of mutations(capture(name), 500, 7)) readOrRefuse(bytes);
    });
  }
});

function readOrRefuse(bytes: Uint8Array): void {
  try {
    decode(bytes);
  } catch (error) {
    if (!(error instanceof MalformedPacket)) throw error;
    assert.ok(error.offset <= Math.max(bytes.length, 240));
  }
}
