import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bootAttempts } from '../../../domain/boot-attempts.ts';
import type { BootRecord } from '../../../domain/boot-record.ts';
import { standstill } from '../../../domain/boot-standstill.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');

type Words = [service: BootRecord['service'], saw: string, answered: string | null, changes?: Partial<BootRecord>];

/** One record a second. */
function records(...words: Words[]): BootRecord[] {
  return words.map(([service, saw, answered, changes], i) => ({
    at: new Date(START + i * 1000).toISOString(), service, mac: null, ip: null, networkId: null, nodeId: null, saw, answered, why: '', facts: {}, ...changes,
  }));
}

const pxe = { facts: { clientClass: 'pxe' } };
const ipxe = { facts: { clientClass: 'ipxe' } };
const discover: Words = ['dhcp', 'DISCOVER', 'OFFER 10.30.0.1', pxe];
const request: Words = ['dhcp', 'REQUEST 10.30.0.1', 'ACK 10.30.0.1, boot file undionly.kpxe', pxe];
const transfer: Words = ['tftp', 'last ACK of undionly.kpxe', 'sent 71 KB in 40 ms', { facts: { file: 'undionly.kpxe', outcome: 'done' } }];
const again: Words[] = [['dhcp', 'DISCOVER', 'OFFER 10.30.0.1', ipxe], ['dhcp', 'REQUEST 10.30.0.1', 'ACK 10.30.0.1', ipxe]];
const script: Words = ['http', 'GET /luna?step=boot', '200 a script', { facts: { status: 200 } }];

describe('the records of one machine', () => {
  it('are one boot from the ROM\'s first word to the agent\'s', () => {
    const whole = records(discover, request, ['tftp', 'RRQ undionly.kpxe', 'OACK'], transfer, ...again, script, ['dhcp', 'DISCOVER', 'OFFER 10.30.0.1', { facts: { clientClass: 'other' } }], ['agent', 'POST /node/hello', '200']);

    assert.equal(bootAttempts(whole).length, 1);
  });

  it('are another boot when the ROM begins again after its boot program', () => {
    assert.deepEqual(bootAttempts(records(discover, discover, request, transfer, discover, request)).map((one) => one.length), [4, 2]);
  });

  it('are another boot when a ROM that is iPXE begins again after its script', () => {
    assert.deepEqual(bootAttempts(records(...again, script, ...again)).map((one) => one.length), [3, 2]);
  });

  it('are another boot after a long silence', () => {
    const late = records(discover).map((record) => ({ ...record, at: new Date(START + 3600_000).toISOString() }));

    assert.equal(bootAttempts([...records(discover), ...late]).length, 2);
  });
});

describe('a machine that stands still', () => {
  for (const [what, words, told] of [
    ['took no offer', [discover], 'DISCOVER was answered with OFFER 10.30.0.1, but no REQUEST came for 60 s'],
    ['fetched nothing by TFTP', [discover, request], 'REQUEST 10.30.0.1 was answered with ACK 10.30.0.1, boot file undionly.kpxe, but no TFTP request came for 60 s'],
    ['was given no address', [['dhcp', 'DISCOVER', null, { why: 'no dynamic range on network cluster' }]], 'DISCOVER was not answered (no dynamic range on network cluster), and nothing else came for 60 s'],
    ['does not run its boot program', [discover, request, transfer], 'undionly.kpxe was sent, but the program asked for no address (a NIC that it can\'t drive, perhaps) for 60 s'],
    ['lost the transfer', [discover, request, ['tftp', 'nothing in the transfer of undionly.kpxe', null, { why: 'no ACK of block 7' }]], 'nothing in the transfer of undionly.kpxe (no ACK of block 7) ended without the file, and nothing came for 60 s'],
    ['did not ask for its script', [discover, request, transfer, ...again], 'REQUEST 10.30.0.1 was answered with ACK 10.30.0.1, but no HTTP request came for 60 s'],
    ['did not ask for its kernel', [...again, script], 'the boot script was sent, but no request for a kernel came for 60 s'],
    ['never said hello', [...again, script, ['http', 'GET /boot/initramfs', '200', { facts: { status: 200 } }]], '/boot/initramfs was sent, but the agent in it did not say hello for 60 s'],
    ['asked for a name meanwhile', [discover, ['dns', 'A ntp.example', 'REFUSED']], 'DISCOVER was answered with OFFER 10.30.0.1, but no REQUEST came for 61 s'],
  ] as [string, Words[], string][]) {
    it(`is one that ${what}`, () => {
      const seen = records(...words);

      assert.equal(standstill(seen, Date.parse(seen.at(-1)?.at ?? '') + 60_000), told);
    });
  }

  it('is unknown when nothing was seen of it', () => {
    assert.equal(standstill([], START), null);
  });

  for (const [what, last] of [
    ['its agent runs', ['agent', 'POST /node/hello', '200']],
    ['it boots from its disk', ['http', 'GET /luna?step=boot', '200 localboot script', { why: 'installed', facts: { status: 200 } }]],
    ['its system has an address', ['dhcp', 'REQUEST 10.30.0.1', 'ACK 10.30.0.1', { facts: { clientClass: 'other' } }]],
  ] as [string, Words][]) {
    it(`is none when ${what}`, () => {
      assert.equal(standstill(records(...again, last), START + 3600), null);
    });
  }
});
