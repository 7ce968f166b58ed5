import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatMac, InvalidMac, isMac, macBytes, parseMac } from '../../../domain/mac.ts';

describe('parseMac', () => {
  for (const spelling of ['52:54:00:AB:cd:01', '52-54-00-ab-cd-01', '5254.00ab.cd01', '525400abcd01', ' 52:54:00:ab:cd:01\n']) {
    it(`reads ${JSON.stringify(spelling)}`, () => assert.equal(parseMac(spelling), '52:54:00:ab:cd:01'));
  }

  for (const text of ['', 'node001', '52:54:00:ab:cd', '52:54:00:ab:cd:01:02', '52:54-00:ab:cd:01', '5g:54:00:ab:cd:01', '00:00:00:00:00:00']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseMac(text), InvalidMac);
      assert.equal(isMac(text), false);
    });
  }

  it('refuses group addresses, which no machine has', () => {
    assert.throws(() => parseMac('ff:ff:ff:ff:ff:ff'), /not the MAC address of one machine/);
    assert.throws(() => parseMac('01:00:5e:00:00:01'), InvalidMac);
  });
});

describe('formatMac', () => {
  it('undoes macBytes', () => assert.equal(formatMac(macBytes('52:54:00:ab:cd:01')), '52:54:00:ab:cd:01'));

  it('wants six bytes', () => assert.throws(() => formatMac(new Uint8Array(5)), /6 bytes, not 5/));
});
