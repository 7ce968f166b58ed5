import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changedLines } from '../../../cli/changed-lines.ts';
import { changesText, eventLine } from '../../../cli/history-text.ts';

it('shows the lines of a script that differ, from the first to the last', () => {
  assert.deepEqual(changedLines('a\nb\nc\n', 'a\nB\nc\n'), ['- b', '+ B']);
  assert.deepEqual(changedLines('a\nb\n', 'a\nb\nb\n'), ['+ b']);
  assert.deepEqual(changedLines('a\n', 'a\n'), []);
  assert.deepEqual(changedLines('once', 'always'), []);
});

it('shows no more than eight lines of each side', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `${i}`);
  assert.equal(changedLines(`a\nb`, lines.join('\n')).at(-1), '+ … (12 more)');
});

it('tells the lines of a script after the change, and an event in one line', () => {
  const change = { kind: 'group' as const, name: 'compute', diff: { partscript: ['set -e\nmkfs\n', 'set -e\nmkfs -L root\n'] as [string, string] } };

  assert.deepEqual(changesText([{ ...change, what: 'change' }]).slice(1), ['      - mkfs', '      + mkfs -L root']);
  assert.doesNotMatch(eventLine('1.1', { ...change, id: 'g', at: '2026-01-31T12:00:00.000Z', by: 'root', rev: 1 }), /\n|mkfs/);
});
