import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  broadcastOf,
  contains,
  formatCidr,
  formatIpv4,
  InvalidAddress,
  isHostOf,
  isIpv4,
  netmask,
  networkOf,
  overlaps,
  parseCidr,
  parseIpv4,
} from '../../../domain/ip.ts';

describe('parseIpv4', () => {
  for (const text of ['0.0.0.0', '10.141.0.1', '127.0.0.1', '192.168.255.254', '255.255.255.255']) {
    it(`reads and writes ${text}`, () => assert.equal(formatIpv4(parseIpv4(text)), text));
  }

  for (const text of ['', '10', '10.1.1', '10.1.1.1.1', '10.1.1.256', '10.1.1.01', '10.1.1.-1', '10.1.1.1 ', '0x0a.1.1.1', 'fe80::1']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseIpv4(text), InvalidAddress);
      assert.equal(isIpv4(text), false);
    });
  }
});

describe('parseCidr', () => {
  it('reads a network', () => assert.deepEqual(parseCidr('10.141.0.0/16'), { base: parseIpv4('10.141.0.0'), prefix: 16 }));

  it('names the network when host bits are set', () => assert.throws(() => parseCidr('10.141.7.1/16'), /the network is 10\.141\.0\.0\/16/));

  for (const text of ['10.141.0.0', '10.141.0.0/', '10.141.0.0/33', '10.141.0.0/1x', '10.141.0.0/16/8', '/8']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseCidr(text), InvalidAddress));
  }
});

describe('network arithmetic', () => {
  const masks: [number, string][] = [
    [0, '0.0.0.0'],
    [1, '128.0.0.0'],
    [16, '255.255.0.0'],
    [30, '255.255.255.252'],
    [32, '255.255.255.255'],
  ];
  for (const [prefix, mask] of masks) it(`/${prefix} has the mask ${mask}`, () => assert.equal(formatIpv4(netmask(prefix)), mask));

  it('works above 127.255.255.255, where 32-bit numbers turn negative', () => {
    const network = networkOf(parseIpv4('192.168.7.9'), 23);

    assert.equal(formatCidr(network), '192.168.6.0/23');
    assert.equal(formatIpv4(broadcastOf(network)), '192.168.7.255');
    assert.equal(contains(network, parseIpv4('192.168.7.255')), true);
    assert.equal(contains(network, parseIpv4('192.168.8.0')), false);
  });

  it('gives hosts neither the first nor the last address', () => {
    const network = parseCidr('10.0.0.0/24');

    assert.equal(isHostOf(network, parseIpv4('10.0.0.0')), false);
    assert.equal(isHostOf(network, parseIpv4('10.0.0.255')), false);
    assert.equal(isHostOf(network, parseIpv4('10.0.0.1')), true);
    assert.equal(isHostOf(network, parseIpv4('10.0.1.1')), false);
  });

  it('sees overlaps from both sides', () => {
    assert.equal(overlaps(parseCidr('10.0.0.0/8'), parseCidr('10.1.0.0/16')), true);
    assert.equal(overlaps(parseCidr('10.1.0.0/16'), parseCidr('10.0.0.0/8')), true);
    assert.equal(overlaps(parseCidr('10.1.0.0/16'), parseCidr('10.2.0.0/16')), false);
  });
});
