import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeAgo } from '../../../cli/time-ago.ts';
import { table } from '../../../cli/table.ts';
import { attemptTitle, TRACE_COLUMNS, traceLine } from '../../../cli/trace-text.ts';
import type { Traced } from '../../../domain/boot-trace.ts';

const record: Traced = {
  at: '2026-01-01T10:31:07.120Z', noted: '2026-01-01T10:31:07.121Z', service: 'dhcp', node: 'node001', nodeId: 'id', mac: '52:54:00:00:00:01', ip: null, networkId: null,
  saw: 'DISCOVER', answered: 'OFFER 10.30.0.1', why: 'reserved for node001', facts: { arch: 7 },
};

test('writes a record as a line, and what was not answered too', () => {
  assert.equal(traceLine(record), '10:31:07.120 dhcp      DISCOVER -> OFFER 10.30.0.1 (reserved for node001)');
  assert.equal(traceLine({ ...record, saw: 'RRQ a\u001b[2Jb', service: 'tftp', answered: null, why: '' }), '10:31:07.120 tftp      RRQ a?[2Jb -> nothing');
});

test('writes a boot as a table below its title', () => {
  assert.equal(attemptTitle([record, { ...record, mac: null }], 2, 3), 'Boot 2 of 3, 2026-01-01 10:31:07, 52:54:00:00:00:01');
  assert.match(table(TRACE_COLUMNS, [record]), /^\| 10:31:07\.120 +\| dhcp +\| DISCOVER +\| OFFER 10\.30\.0\.1 +\| reserved for node001 +\|$/m);
});

test('takes times ago, and times of UTC', () => {
  const now = Date.parse('2026-01-02T00:00:00.000Z');

  assert.deepEqual(['30s', '2h', '1d', '2026-01-01', '2026-01-01T10:00', '2026-01-01T10:00:00+02:00'].map((text) => timeAgo(text, now)), [
    '2026-01-01T23:59:30.000Z', '2026-01-01T22:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T08:00:00.000Z',
  ]);
  assert.throws(() => timeAgo('yesterday', now), /--since yesterday is no time; write 30m, 2h, 3d, or 2030-01-31T12:00/);
});
