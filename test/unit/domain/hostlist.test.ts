import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byName, foldHostlist } from '../../../domain/hostlist-fold.ts';
import { expandHostlist } from '../../../domain/hostlist.ts';

const written: [string, string[]][] = [
  ['node001', ['node001']],
  ['node[001-003]', ['node001', 'node002', 'node003']],
  ['node[001-002,007,009-010]', ['node001', 'node002', 'node007', 'node009', 'node010']],
  ['node[9-11]', ['node9', 'node10', 'node11']],
  ['node[099-101]', ['node099', 'node100', 'node101']],
  ['node[1-9/4]', ['node1', 'node5', 'node9']],
  ['n[001-005]!n[002-003]', ['n001', 'n004', 'n005']],
  ['n[1-4]&n[3-9]', ['n3', 'n4']],
  ['n[1-2]^n[2-3]', ['n1', 'n3']],
  ['a,b!a,c&b', ['b']],
  ['a,b,c', ['a', 'b', 'c']],
  [' a , b ', ['a', 'b']],
  ['b,a,b', ['b', 'a']],
  ['rack[1-2]n[01-02]', ['rack1n01', 'rack1n02', 'rack2n01', 'rack2n02']],
  ['node[1-2]-ipmi', ['node1-ipmi', 'node2-ipmi']],
  ['[1-2]u', ['1u', '2u']],
  ['a[1]b', ['a1b']],
  ['x[1-2],login', ['x1', 'x2', 'login']],
];

const broken: [string, string, number][] = [
  ['', 'it is empty', 1],
  ['a,,b', 'a name is missing', 3],
  ['a,', 'a name is missing', 3],
  ['node[001-003', 'this bracket is never closed', 5],
  ['node001]', 'this bracket was never opened', 8],
  ['node[1-[2-3]]', 'brackets can not stand within brackets', 8],
  ['node[1-0x]', 'a number or a range', 9],
  ['node[]', 'a number or a range', 6],
  ['node[1-]', 'a number or a range', 8],
  ['node[1,,2]', 'a number or a range', 8],
  ['node[5-3]', 'runs backwards; write 3-5', 6],
  ['no de1', '" " can not stand in a name', 3],
  ['node001;reboot', '";" can not stand in a name', 8],
  ['../etc/passwd', '"/" can not stand in a name', 3],
  ['n[1234567890123]', 'at most 12 digits', 3],
  ['n[1-9/0]', 'a step of 0', 3],
  ['n[1/2]', 'a number or a range', 4],
  ['n[01-010]', 'padded with zeros to different lengths', 3],
  ['n1!', 'a name is missing', 4],
  ['@', 'the name of a group is missing', 2],
  ['@compute', 'groups have no members here', 1],
];

const folded: [string[], string][] = [
  [[], ''],
  [['node001'], 'node001'],
  [['node001', 'node002', 'node003'], 'node[001-003]'],
  [['node003', 'node001', 'node002', 'node001'], 'node[001-003]'],
  [['n9', 'n10', 'n11'], 'n[9-11]'],
  [['n099', 'n100'], 'n[099-100]'],
  [['n98', 'n99', 'n100'], 'n[98-100]'],
  [['n09', 'n10', 'n99', 'n100'], 'n[09-10,99-100]'],
  [['n00', 'n01'].concat(Array.from({ length: 99 }, (_, i) => `n${String(i + 2).padStart(2, '0')}`)), 'n[00-99,100]'],
  [['n1', 'n01', 'n2', 'n02'], 'n[01-02,1-2]'],
  [['login', 'node001', 'node003'], 'login,node[001,003]'],
  [['r1n1', 'r1n2', 'r2n1', 'r2n2'], 'r[1-2]n[1-2]'],
  [['r1n1', 'r1n2', 'r2n1'], 'r1n[1-2],r2n1'],
  [['node1-ipmi', 'node2-ipmi'], 'node[1-2]-ipmi'],
];

describe('hostlist', () => {
  for (const [text, names] of written) {
    it(`expands ${JSON.stringify(text)}`, () => { assert.deepEqual(expandHostlist(text), names); });
  }

  for (const [text, what, column] of broken) {
    it(`points at the mistake in ${JSON.stringify(text)}`, () => {
      assert.throws(() => expandHostlist(text), (error: Error) => {
        assert.ok(error.message.includes(what), error.message);
        const caret = error.message.split('\n')[2]?.indexOf('^') ?? -1;
        assert.equal(caret - 2, column - 1);
        return error.message.includes(`column ${column}`);
      });
    });
  }

  for (const text of ['node[1-100001]', 'a[1-1000]b[1-1000]', 'n[0-999999999999]']) {
    it(`refuses ${text} without expanding it`, () => { assert.throws(() => expandHostlist(text), /100000 is the limit/); });
  }

  it('expands a hundred thousand names', () => { assert.equal(expandHostlist('n[000001-100000]').length, 100_000); });

  it('asks for the members of groups', () => {
    const members = (group: string): string[] => ({ '*': ['a1', 'a2', 'b1'], rack1: ['a1', 'a2'], rack2: ['b1'] })[group] ?? [];

    assert.deepEqual(expandHostlist('@rack[1-2]!a2', members), ['a1', 'b1']);
    assert.deepEqual(expandHostlist('@*&@rack2', members), ['b1']);
    assert.throws(() => expandHostlist('x,@rack3', members), /no nodes in a group rack3, at column 3/);
  });

  it('refuses what stands for nobody', () => { assert.throws(() => expandHostlist('a!a'), /stands for no name/); });

  for (const [names, text] of folded) {
    it(`folds ${names.length} names to ${JSON.stringify(text)}`, () => { assert.equal(foldHostlist(names), text); });
  }

  it('gives back the names it folded, whatever they are', () => {
    let state = 1;
    const random = (n: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % n;
    };
    const pick = (words: string[]): string => words[random(words.length)] ?? '';
    for (let round = 0; round < 500; round += 1) {
      const names = Array.from({ length: 1 + random(30) }, () => {
        const number = (): string => String(random(13)).padStart(1 + random(3), '0');
        return pick(['n', 'rack', '', 'a-']) + number() + pick(['', 'n', '.x']) + pick(['', number()]) + pick(['', '-ipmi', '12345678901234']);
      }).filter((name) => name !== '');

      assert.deepEqual(expandHostlist(foldHostlist(names)).sort(byName), [...new Set(names)].sort(byName));
    }
  });
});
