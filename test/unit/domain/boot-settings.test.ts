import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bootSettingsOf, changedOptions, effectiveBoot } from '../../../domain/boot-settings.ts';
import { encodeDhcpOption } from '../../../domain/dhcp-options.ts';
import { groupSchema } from '../../../domain/group.ts';
import { networkSchema } from '../../../domain/network.ts';
import { nodeSchema } from '../../../domain/node.ts';

const own = (name: string): object => ({ _id: name, name, rev: 0 });
const network = networkSchema.parse({ ...own('cluster'), network: '10.30.0.0', prefix: 16, ipxe: 'ipxe', dhcp_options: { 42: '10.30.0.9', 150: '10.30.0.8' } });
const group = groupSchema.parse({ ...own('compute'), osimage: 'x', bootfile: 'grub/core.0', dhcp_options: { 42: '10.30.0.7' } });
const node = nodeSchema.parse({ ...own('node001'), group: 'compute', ipxe: 'snponly' });

describe('the settings of a boot', () => {
  it('are the node’s before the group’s, and the group’s before the network’s', () => {
    assert.deepEqual(bootSettingsOf(network, group, node), { bootfile: 'grub/core.0', ipxe: 'snponly', dhcp_options: { 42: '10.30.0.7', 150: '10.30.0.8' } });
  });

  it('are shown with who says so', () => {
    assert.deepEqual(effectiveBoot(network, group, node), [
      { setting: 'ipxe', value: 'snponly', from: 'node' },
      { setting: 'option 42', value: '10.30.0.7', from: 'group compute' },
      { setting: 'option 150', value: '10.30.0.8', from: 'network cluster' },
      { setting: 'bootfile', value: 'grub/core.0', from: 'group compute' },
    ]);
  });

  it('lose an option that is set to null and keep the others', () => {
    assert.deepEqual(changedOptions({ 42: '10.0.0.1', 66: 'tftp' }, { 42: null, 150: '10.0.0.2' }), { dhcp_options: { 66: 'tftp', 150: '10.0.0.2' } });
  });
});

describe('encodeDhcpOption', () => {
  const table: [number, string, string][] = [
    [42, '10.0.0.1,10.0.0.2', '0a0000010a000002'],
    [66, 'tftp.cluster', Buffer.from('tftp.cluster').toString('hex')],
    [26, '9000', '2328'],
    [108, '4294967295', 'ffffffff'],
    [43, '06:01:08', '060108'],
    [119, 'a.bc,d', '016102626300' + '016400'],
    [121, '10.9.0.0/16=10.30.0.7,default=10.30.0.1', '100a090a1e0007' + '000a1e0001'],
    [224, 'text:a: b', Buffer.from('a: b').toString('hex')],
    [42, 'hex:0a0b', '0a0b'],
    [224, 'u16:258', '0102'],
  ];
  for (const [code, value, bytes] of table) {
    it(`writes ${value} of option ${code} as ${bytes}`, () => assert.equal(Buffer.from(encodeDhcpOption(code, value)).toString('hex'), bytes));
  }

  const refused: [number, string, RegExp][] = [
    [53, '1', /can't be set: it comes from the protocol/],
    [67, 'x', /comes from --bootfile/],
    [224, 'hello', /write it before the value: one of ip: text:/],
    [42, 'ntp.example.org', /is no comma list of IPv4 addresses/],
    [23, '256', /is no number of 0–255/],
    [43, '0a:b', /is no list of hexadecimal bytes/],
    [121, '10.9.0.1/16=10.30.0.7', /is no comma list of routes/],
    [66, 'grün', /is no text of ASCII/],
  ];
  for (const [code, value, why] of refused) {
    it(`refuses ${value} of option ${code}`, () => assert.throws(() => encodeDhcpOption(code, value), why));
  }
});
