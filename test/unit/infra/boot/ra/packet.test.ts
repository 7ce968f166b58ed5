import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIpv6 } from '../../../../../domain/ipv6.ts';
import { parseSubnet } from '../../../../../domain/subnet.ts';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';
import { encodeAdvertisement, nothing, readSolicitation } from '../../../../../infra/boot/ra/packet.ts';
import { capture } from '../../../../support/captures.ts';
import { mutations } from '../../../../support/mutations.ts';

const solicitation = capture('ipxe-solicitation');

describe('the advertisement', () => {
  it('offers no route, no prefix and no DHCPv6', () => {
    const bytes = Buffer.from(encodeAdvertisement(nothing));

    assert.equal(bytes.readUInt8(0), 134);
    assert.equal(bytes.readUInt8(5), 0, 'M and O are clear');
    assert.equal(bytes.readUInt16BE(6), 0, 'router lifetime');
    assert.equal(bytes.length, 16, 'no option follows');
  });

  it('tells of a declared network that its addresses come by DHCPv6, with its name servers, names and MTU', () => {
    const bytes = Buffer.from(encodeAdvertisement({
      prefixes: [parseSubnet('fd00:77::/64')], managed: true, router: true, dns: [parseIpv6('fd00:77::1')], search: ['cluster'], mtu: 9000,
    }));

    assert.equal(bytes.readUInt8(5), 0xc0, 'M and O');
    assert.equal(bytes.readUInt16BE(6), 1800, 'router lifetime');
    const options = optionsOf(bytes.subarray(16));
    assert.deepEqual(options.map(({ type }) => type), [3, 5, 25, 31]);
    const [prefix, mtu, dns, search] = options.map(({ value }) => value);
    assert.equal(prefix?.readUInt8(0), 64);
    assert.equal(prefix?.readUInt8(1), 0x80, 'on-link, not autonomous');
    assert.equal(prefix?.toString('hex', 14), 'fd000077000000000000000000000000');
    assert.equal(mtu?.readUInt32BE(2), 9000);
    assert.equal(dns?.toString('hex', 6), 'fd000077000000000000000000000001');
    assert.equal(search?.toString('hex', 6, 15), '07636c757374657200', 'cluster');
  });
});

describe('a solicitation', () => {
  it('tells the MAC of its sender, as iPXE sends it', () => assert.equal(readSolicitation(solicitation), '52:54:00:00:00:01'));

  it('may come without a source address option', () => assert.equal(readSolicitation(solicitation.subarray(0, 8)), null));

  it('cut short is malformed', () => {
    for (const length of [0, 1, 7, 9, 12, solicitation.length - 1]) {
      assert.throws(() => readSolicitation(solicitation.subarray(0, length)), MalformedPacket, `${length} bytes`);
    }
  });

  it('with an option of length 0 is malformed', () => {
    assert.throws(() => readSolicitation(Uint8Array.from([...solicitation.subarray(0, 8), 1, 0, 0, 0, 0, 0, 0, 0])), /option of length 0/);
  });

  it('damaged is taken or refused', () => {
    for (const bytes of mutations(solicitation, 1000, 5)) {
      try {
        readSolicitation(bytes);
      } catch (error) {
        if (!(error instanceof MalformedPacket)) throw error;
      }
    }
  });
});

/** Options as RFC 4861 §4.6 has them: type, length in units of eight bytes, value. */
function optionsOf(bytes: Buffer): { type: number; value: Buffer }[] {
  if (bytes.length === 0) return [];
  const length = bytes.readUInt8(1) * 8;
  return [{ type: bytes.readUInt8(0), value: bytes.subarray(2, length) }, ...optionsOf(bytes.subarray(length))];
}
