import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardOf } from '../../../../../infra/boot/dhcp/hardware.ts';
import { option } from '../../../../../infra/boot/dhcp/options.ts';
import type { DhcpPacket } from '../../../../../infra/boot/dhcp/format.ts';
import { decode } from '../../../../../infra/boot/dhcp/packet.ts';
import { capture } from '../../../../support/captures.ts';

const guid = [0xf4, 0x52, 0x14, 0x03, 0x00, 0x12, 0x34, 0x56];
const card = 'f4:52:14:12:34:56';

function sent(htype: number, hlen: number, chaddr: number[], identifier: number[]): DhcpPacket {
  const field = new Uint8Array(16);
  field.set(chaddr);
  return { ...decode(capture('dhclient-discover')), htype, hlen, chaddr: field, options: new Map([[option.clientId, Uint8Array.from(identifier)]]) };
}

describe('the card of an InfiniBand port (RFC 4390)', () => {
  const forms: [string, DhcpPacket][] = [
    ['its GUID behind the hardware type, as ISC’s client sends it', sent(32, 0, [], [32, ...guid])],
    ['a DUID of link-layer type, which ends with the whole address', sent(32, 0, [], [255, 0, 0, 0, 1, 0, 3, 0, 32, ...Array.from({ length: 12 }, () => 0xfe), ...guid])],
    ['FlexBoot’s prefix and its GUID', sent(32, 0, [], [255, 0, 0, 0, 0, 0, 2, 0, 0, 2, 0xc9, 0, ...guid])],
    ['its GUID in the header, as iPXE sends it', sent(32, 8, guid, [])],
    ['its Ethernet address in the header', sent(32, 6, [0xf4, 0x52, 0x14, 0x12, 0x34, 0x56], [])],
  ];
  for (const [name, packet] of forms) it(`is told by ${name}`, () => assert.equal(cardOf(packet), card));

  it('is not guessed from an identifier that is too short', () => assert.equal(cardOf(sent(32, 0, [], [0, 1, 2])), null));
});

describe('other hardware', () => {
  it('is Ethernet, whatever identifier is sent', () => assert.equal(cardOf(sent(1, 6, [0x52, 0x54, 0, 0, 0, 1], [32, ...guid])), '52:54:00:00:00:01'));
  it('is nobody luna knows', () => assert.equal(cardOf(sent(24, 8, guid, [])), null));
});
