import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BootRecord } from '../../../domain/boot-record.ts';
import { evidenceOfRecord } from '../../../domain/boot-evidence.ts';

function record(changes: Partial<BootRecord> = {}): BootRecord {
  return {
    at: '2026-01-01T00:00:00.000Z', service: 'dhcp', mac: '52:54:00:00:00:01', ip: '10.30.0.1', networkId: 'n1', nodeId: 'node-1',
    saw: 'REQUEST 10.30.0.1', answered: 'ACK 10.30.0.1', why: 'reserved for node001', facts: { clientClass: 'pxe', arch: 7 }, ...changes,
  };
}

describe('a boot record', () => {
  it('is evidence of DHCP when a boot program took its address', () => {
    assert.deepEqual(evidenceOfRecord(record()), {
      stage: 'pxe.dhcp',
      message: '52:54:00:00:00:01 was given 10.30.0.1 (pxe)',
      facts: { mac: '52:54:00:00:00:01', ip: '10.30.0.1', arch: 7, clientClass: 'pxe' },
    });
  });

  it('is evidence over IPv6 too', () => {
    const reply = record({ service: 'dhcp6', ip: 'fd00::1', saw: 'REQUEST fd00::1', answered: 'REPLY fd00::1' });

    assert.equal(evidenceOfRecord(reply)?.stage, 'pxe.dhcp');
  });

  for (const [what, changes] of [
    ['an address is only offered', { saw: 'DISCOVER', answered: 'OFFER 10.30.0.1' }],
    ['an address is refused', { answered: 'NAK' }],
    ['nothing is answered', { answered: null }],
    ['an operating system asks', { facts: { clientClass: 'other' } }],
    ['an installed system asks for settings alone', { saw: 'INFORM 10.30.0.1', answered: 'ACK' }],
    ['a file is fetched', { service: 'tftp', saw: 'RRQ undionly.kpxe', answered: 'sent 71 KB' }],
  ] as const) {
    it(`is none when ${what}`, () => {
      assert.equal(evidenceOfRecord(record(changes)), null);
    });
  }
});
