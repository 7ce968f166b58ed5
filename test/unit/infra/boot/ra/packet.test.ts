import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';
import { checkSolicitation, encodeAdvertisement } from '../../../../../infra/boot/ra/packet.ts';
import { capture } from '../../../../support/captures.ts';
import { mutations } from '../../../../support/mutations.ts';

const solicitation = capture('ipxe-solicitation');

describe('the advertisement', () => {
  it('offers no route, no prefix and no DHCPv6', () => {
    const bytes = Buffer.from(encodeAdvertisement());

    assert.equal(bytes.readUInt8(0), 134);
    assert.equal(bytes.readUInt8(5), 0, 'M and O are clear');
    assert.equal(bytes.readUInt16BE(6), 0, 'router lifetime');
    assert.equal(bytes.length, 16, 'no option follows');
  });
});

describe('a solicitation', () => {
  it('is taken as iPXE sends it', () => checkSolicitation(solicitation));

  it('may come without a source address option', () => checkSolicitation(solicitation.subarray(0, 8)));

  it('cut short is malformed', () => {
    for (const length of [0, 1, 7, 9, 12, solicitation.length - 1]) {
      assert.throws(() => checkSolicitation(solicitation.subarray(0, length)), MalformedPacket, `${length} bytes`);
    }
  });

  it('with an option of length 0 is malformed', () => {
    assert.throws(() => checkSolicitation(Uint8Array.from([...solicitation.subarray(0, 8), 1, 0, 0, 0, 0, 0, 0, 0])), /option of length 0/);
  });

  it('damaged is taken or refused', () => {
    for (const bytes of mutations(solicitation, 1000, 5)) {
      try {
        checkSolicitation(bytes);
      } catch (error) {
        if (!(error instanceof MalformedPacket)) throw error;
      }
    }
  });
});
