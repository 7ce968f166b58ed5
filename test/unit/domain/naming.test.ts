import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextNames } from '../../../domain/naming.ts';

const general = { nodeprefix: 'node', nodedigits: 3 };

test('generates the name after the highest number, padded, without filling gaps', () => {
  const cases: [string[], string][] = [
    [[], 'node001'],
    [['node001', 'node007'], 'node008'],
    [['node999'], 'node1000'],
    [['node0012'], 'node013'],
    [['login01', 'node', 'nodes2', 'node01a', 'mynode9'], 'node001'],
  ];
  for (const [inUse, next] of cases) assert.deepEqual(nextNames(general, inUse), [next]);
});

test('takes the prefix as a word, not as a set of characters', () => {
  assert.deepEqual(nextNames({ nodeprefix: 'n0', nodedigits: 2 }, ['n007', 'n0n3']), ['n008']);
});

test('generates several in a row', () => {
  assert.deepEqual(nextNames(general, ['node002'], 3), ['node003', 'node004', 'node005']);
});
