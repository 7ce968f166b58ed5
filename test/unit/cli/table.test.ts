import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cellText, properties, table } from '../../../cli/table.ts';

describe('table', () => {
  it('pads a cell to the longest line of its column and four more', () => {
    const rows = [{ a: 'x', b: 'one\ntwo' }, { a: 'longer', b: null }];

    assert.equal(table([{ title: 'A', cell: (r) => r.a }, { title: 'B', cell: (r) => r.b }], rows), [
      '+---------+------+',
      '| A       | B    |',
      '+---------+------+',
      '| x       | one  |',
      '|         | two  |',
      '| longer  | -    |',
      '+---------+------+',
    ].join('\n'));
  });

  it('shows a list without rows as its head', () => {
    assert.equal(table([{ title: 'Name', cell: () => '' }], []), '+-------+\n| Name  |\n+-------+');
  });

  it('puts the name first, capitals before small letters, the comment last', () => {
    const text = properties({ zone: 1, comment: 'c', NETWORK: 'n', name: 'x', group: 'compute' }, ['group']);

    assert.deepEqual([...text.matchAll(/^\| (\w+)/gm)].map((m) => m[1]), ['Parameter', 'name', 'NETWORK', 'group', 'zone', 'comment']);
    assert.match(text, /\[compute\]/);
  });

  for (const [value, text] of [[null, '-'], ['', '-'], [undefined, '-'], [true, 'yes'], [false, 'no'], [[], '-'], [['a', null], 'a\n-'], [7, '7'], [{ a: 1, b: true }, 'a=1 b=yes']] as const) {
    it(`writes ${JSON.stringify(value)} as ${JSON.stringify(text)}`, () => { assert.equal(cellText(value), text); });
  }

  it('keeps control characters of stored text from the terminal', () => {
    assert.match(table([{ title: 'A', cell: () => '\u001b[2Jx\ty' }], [{}]), /\| \?\[2Jx {4}y {2}\|/);
  });
});
