import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIpv6 } from '../../../../../domain/ipv6.ts';
import { identify } from '../../../../../infra/boot/dhcp6/client.ts';
import { message, option, readShorts } from '../../../../../infra/boot/dhcp6/options.ts';
import { decode, encode, encodeMessage, type Relay } from '../../../../../infra/boot/dhcp6/packet.ts';
import { MalformedPacket } from '../../../../../infra/boot/malformed-packet.ts';
import { capture, dhcp6Captures } from '../../../../support/captures.ts';
import { mutations } from '../../../../support/mutations.ts';

const relay: Relay = { hops: 0, link: parseIpv6('fd00:88::1'), peer: parseIpv6('fe80::5054:ff:fe00:a'), options: [] };

describe('a DHCPv6 message', () => {
  it('is read as UEFI firmware sends it', () => {
    const packet = decode(capture('ovmf-solicit'));

    assert.equal(packet.message.type, message.solicit);
    assert.deepEqual(readShorts(packet.message.options, option.request), [59, 60, 23, 16]);
    const client = identify(packet, relay.peer);
    assert.deepEqual([client.class, client.arch, client.macs], ['pxe', 7, ['52:54:00:00:00:0a']]);
  });

  for (const name of dhcp6Captures) {
    it(`is written as it was read: ${name}`, () => {
      const bytes = capture(name);

      assert.deepEqual(Buffer.from(encodeMessage(decode(bytes).message)).toString('hex'), Buffer.from(bytes).toString('hex'));
    });

    it(`cut short is refused, or is a shorter one: ${name}`, () => {
      const bytes = capture(name);
      for (let length = 0; length < bytes.length; length += 1) refusedOrRead(bytes.subarray(0, length));
    });

    it(`damaged is refused or read: ${name}`, () => {
      for (const bytes of mutations(capture(name), 2000, 11)) refusedOrRead(bytes);
    });
  }

  it('comes out of the relays that brought it', () => {
    const asked = decode(capture('ovmf-solicit')).message;
    const far = { ...relay, hops: 1, options: [{ code: option.interfaceId, value: Uint8Array.of(1, 2) }] };

    const packet = decode(encode({ relays: [far, relay], message: asked }, message.relayForward));

    assert.deepEqual(packet, { relays: [far, relay], message: asked });
  });

  it('is refused out of more relays than there may be', () => {
    const asked = decode(capture('ovmf-solicit')).message;
    const bytes = encode({ relays: new Array<Relay>(9).fill(relay), message: asked }, message.relayForward);

    assert.throws(() => decode(bytes), MalformedPacket);
  });
});

describe('a client', () => {
  const solicit = (options: { code: number; value: Uint8Array }[], relays: Relay[] = []) => ({ relays, message: { type: message.solicit, transaction: 1, options } });
  const duidLl = Uint8Array.of(0, 3, 0, 1, 0x52, 0x54, 0, 0, 0, 0xbb);

  it('is known by what its relay says, then by its link-local address, then by its DUID', () => {
    const told: Relay = { ...relay, options: [{ code: option.linkLayer, value: Uint8Array.of(0, 1, 0x52, 0x54, 0, 0, 0, 0xcc) }] };

    const { macs } = identify(solicit([{ code: option.clientId, value: duidLl }], [told]), parseIpv6('fe80::1'));

    assert.deepEqual(macs, ['52:54:00:00:00:cc', '52:54:00:00:00:0a', '52:54:00:00:00:bb']);
  });

  it('is known by a DUID with a time (DUID-LLT)', () => {
    const duid = Uint8Array.of(0, 1, 0, 1, 1, 2, 3, 4, 0x52, 0x54, 0, 0, 0, 0xbb);

    assert.deepEqual(identify(solicit([{ code: option.clientId, value: duid }]), parseIpv6('fe80::1')).macs, ['52:54:00:00:00:bb']);
  });

  it('is not known by an address made at random and a DUID without a MAC', () => {
    const duid = Uint8Array.of(0, 4, ...new Array<number>(16).fill(1));

    assert.deepEqual(identify(solicit([{ code: option.clientId, value: duid }]), parseIpv6('fe80::1234:5678:9abc:def0')).macs, []);
  });

  it('is iPXE by its user class, and firmware that boots by HTTP by its vendor class', () => {
    const of = (code: number, text: string) => identify(solicit([{ code, value: Buffer.concat([new Uint8Array(code === option.vendorClass ? 6 : 2), Buffer.from(text)]) }]), 0n).class;

    assert.equal(of(option.userClass, 'iPXE'), 'ipxe');
    assert.equal(of(option.vendorClass, 'HTTPClient:Arch:00016:UNDI:003001'), 'http');
    assert.equal(of(option.vendorClass, 'PXEClient:Arch:00007:UNDI:003001'), 'pxe');
    assert.equal(of(option.vendorClass, 'something'), 'other');
  });
});

function refusedOrRead(bytes: Uint8Array): void {
  try {
    identify(decode(bytes), relay.peer);
  } catch (error) {
    if (!(error instanceof MalformedPacket)) throw error;
  }
}
