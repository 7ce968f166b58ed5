import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changeLine, countLine, type Followed, liveLine, liveScreen } from '../../../cli/provision-line.ts';
import { duration, rateText } from '../../../cli/units.ts';
import type { ProvisionStatus } from '../../../domain/run-views.ts';
import { provisionStatus as status } from '../../support/provision-status.ts';

const follow = (n: number, change: Partial<ProvisionStatus>): Followed => ({ node: `node${String(n).padStart(3, '0')}`, status: status(change) });

describe('live lines of a provision', () => {
  it('shows name, stage, elapsed, percent, rate and peers', () => {
    assert.equal(liveLine({ node: 'node001', status: status({}) }, 8), 'node001   download     0:00:42  [#############.......]  66 %  11.2 MB/s  3 peers');
  });

  it('leaves out what is not known', () => {
    assert.equal(liveLine({ node: 'node001', status: status({ stage: 'pxe.dhcp', percent: null, rate: null, peers: null, message: 'waiting for DHCP\nmore' }) }, 7), 'node001  pxe.dhcp     0:00:42  waiting for DHCP');
    assert.equal(liveLine({ node: 'node001', status: undefined }, 7), 'node001  starting');
  });

  it('says why a node failed', () => {
    assert.match(liveLine({ node: 'node001', status: status({ status: 'failed', stage: 'postscript', reason: 'postscript ended with 3' }) }, 7), /^node001 {2}failed at postscript {2}0:00:42 {2}postscript ended with 3$/);
  });

  it('fits the terminal: failed and moving nodes first, the rest counted', () => {
    const many = [...Array.from({ length: 30 }, (_, i) => follow(i + 1, { status: 'completed', stage: 'ready' })), follow(31, {}), follow(32, { status: 'failed' })];

    const lines = liveScreen(many, { columns: 40, rows: 10 });

    assert.equal(lines.length, 8);
    assert.match(lines[0] ?? '', /^node032/);
    assert.match(lines[1] ?? '', /^node031/);
    assert.equal(lines.at(-1), '32 nodes: 30 completed, 1 download, 1 f');
    assert.ok(lines.every((line) => line.length < 40));
  });

  it('counts nodes by where they are', () => {
    assert.equal(countLine([follow(1, {}), follow(2, {}), { node: 'node003', status: undefined }]), '3 nodes: 2 download, 1 starting');
  });

  it('gives a plain line only when the stage or the end changed', () => {
    const now = { node: 'node001', status: status({ elapsed: 50 }) };

    assert.equal(changeLine(undefined, now), 'node001: download (0:00:50)');
    assert.equal(changeLine(status({}), now), undefined);
    assert.equal(changeLine(status({ stage: 'partition' }), now), 'node001: download (0:00:50)');
    assert.equal(changeLine(status({}), { node: 'node001', status: status({ status: 'completed', stage: 'ready', elapsed: 90 }) }), 'node001: completed (0:01:30)');
  });
});

describe('units', () => {
  for (const [seconds, text] of [[0, '0:00:00'], [12.9, '0:00:12'], [3725, '1:02:05'], [100_000, '27:46:40'], [-1, '0:00:00']] as const) {
    it(`writes ${seconds} s as ${text}`, () => { assert.equal(duration(seconds), text); });
  }

  for (const [rate, text] of [[0, '0 B/s'], [999, '999 B/s'], [11_200_000, '11.2 MB/s'], [2_500_000_000, '2.5 GB/s']] as const) {
    it(`writes ${rate} bytes per second as ${text}`, () => { assert.equal(rateText(rate), text); });
  }
});
