import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reverseName, reverseZonesOf } from '../../../domain/reverse-name.ts';

describe('reverse zones', () => {
  const whole: [network: string, prefix: number, zone: string][] = [
    ['10.0.0.0', 8, '10.in-addr.arpa'],
    ['10.30.0.0', 16, '30.10.in-addr.arpa'],
    ['10.30.7.0', 24, '7.30.10.in-addr.arpa'],
    ['10.30.7.128', 25, '7.30.10.in-addr.arpa'],
    ['10.30.7.252', 30, '7.30.10.in-addr.arpa'],
    ['fd00:10::', 32, '0.1.0.0.0.0.d.f.ip6.arpa'],
    ['fd00:10::', 64, '0.0.0.0.0.0.0.0.0.1.0.0.0.0.d.f.ip6.arpa'],
    ['fd00::', 126, `${'0.'.repeat(29)}d.f.ip6.arpa`],
  ];
  for (const [network, prefix, zone] of whole) {
    it(`of ${network}/${prefix} are one`, () => { assert.deepEqual(reverseZonesOf(network, prefix), [zone]); });
  }

  it('of a prefix between octets hold the network and nothing else', () => {
    assert.deepEqual(reverseZonesOf('10.30.4.0', 22), ['4.30.10.in-addr.arpa', '5.30.10.in-addr.arpa', '6.30.10.in-addr.arpa', '7.30.10.in-addr.arpa']);
    assert.equal(reverseZonesOf('10.128.0.0', 9).length, 128);
    assert.deepEqual(reverseZonesOf('128.0.0.0', 1).slice(-1), ['255.in-addr.arpa']);
  });

  it('of a prefix between nibbles hold the network and nothing else', () => {
    assert.deepEqual(reverseZonesOf('fd00:10:0:4::', 62).map((name) => name.slice(0, 3)), ['4.0', '5.0', '6.0', '7.0']);
  });

  it('hold every address of their network', () => {
    for (const [network, prefix, last] of [['10.30.4.0', 22, '10.30.7.255'], ['10.30.7.128', 25, '10.30.7.255'], ['fd00:10:0:4::', 62, 'fd00:10:0:7:ffff::1']] as const) {
      const zones = reverseZonesOf(network, prefix);
      for (const address of [network, last]) assert.ok(zones.includes(reverseName(address, prefix).zone), `${address} is in none of ${zones.join(' ')}`);
    }
  });
});

describe('a reverse name', () => {
  it('is the rest of the address', () => {
    assert.deepEqual(reverseName('10.30.0.1', 16), { zone: '30.10.in-addr.arpa', name: '1.0' });
    assert.deepEqual(reverseName('10.30.5.9', 22), { zone: '5.30.10.in-addr.arpa', name: '9' });
    assert.deepEqual(reverseName('10.30.7.130', 25), { zone: '7.30.10.in-addr.arpa', name: '130' });
  });

  it('is the same for every spelling of an IPv6 address', () => {
    const spellings = ['2001:db8::567:89ab', '2001:DB8:0:0:0:0:567:89AB', '2001:db8::5.103.137.171', '2001:0db8:0000:0000:0000:0000:0567:89ab'];
    for (const address of spellings) {
      const { zone, name } = reverseName(address, 64);

      assert.equal(`${name}.${zone}`, 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa');
    }
  });
});
