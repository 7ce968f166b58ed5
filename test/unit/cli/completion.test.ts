import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { candidates } from '../../../cli/completion/candidates.ts';
import type { CommandTable, KnownFlag } from '../../../cli/completion/command-table.ts';

const name: KnownFlag = { name: 'name', char: 'n', type: 'option' };
const table: CommandTable = {
  'node:change': {
    summary: 'Change nodes.', args: { name: { name: 'name', multiple: true } },
    flags: { name, group: { name: 'group', char: 'g', type: 'option' }, service: { name: 'service', type: 'option', helpValue: 'y|n', aliases: ['sv'] }, old: { name: 'old', type: 'boolean', hidden: true } },
  },
  'node:add': { args: { name: { name: 'name', multiple: true } }, flags: { name, group: { name: 'group', type: 'option' } } },
  'node:rename': { args: { name: { name: 'name' }, newname: { name: 'newname' } }, flags: { name } },
  'network:reserve': { args: { words: { name: 'words', multiple: true } }, flags: { name } },
  power: { summary: 'Power.', args: { name: { name: 'name', multiple: true }, action: { name: 'action', options: ['on', 'off', 'status'] } }, flags: { name } },
  provision: { args: { name: { name: 'name', multiple: true } }, flags: {} },
  'provision:log': { args: { name: { name: 'name' } }, flags: {} },
  history: { args: { object: { name: 'object', multiple: true } }, flags: {} },
  secret: { hidden: true, args: {}, flags: {} },
};
const known: Record<string, string[]> = { nodes: ['log01', 'node001', 'node002'], groups: ['compute', 'login'], networks: ['cluster'] };

/** The words that could stand at the cursor, which is at the end of the line. */
async function at(line: string): Promise<string> {
  const found = await candidates(table, line.split(' ').slice(1), (kind, prefix) => Promise.resolve((known[kind] ?? []).filter((word) => word.startsWith(prefix))));
  return found.map(({ word }) => word).join(' ');
}

const cases: [line: string, words: string][] = [
  ['luna ', 'history network node power provision'],
  ['luna no', 'node'],
  ['luna node ', 'add change rename'],
  ['luna help node ch', 'change'],
  ['luna node change ', 'log01 node001 node002'],
  ['luna node change node001,no', 'node001,node001 node001,node002'],
  ['luna node change node001 no', 'node001 node002'],
  ['luna node change @', '@compute @login'],
  ['luna node change @compute!lo', '@compute!log01'],
  ['luna node change node[', ''],
  ['luna node change -n no', 'node001 node002'],
  ['luna node change node001 --', '--name --group --service'],
  ['luna node change node001 -g co', 'compute'],
  ['luna node change node001 --group=co', '--group=compute'],
  ['luna node change node001 --sv ', 'y n'],
  ['luna node change node001 --comment=x', ''],
  ['luna node add no', ''],
  ['luna node add new --group ', 'compute login'],
  ['luna node rename no', 'node001 node002'],
  ['luna node rename node001 no', ''],
  ['luna node rename -n node001 no', ''],
  ['luna network reserve cl', 'cluster'],
  ['luna network reserve cluster cl', ''],
  ['luna power no', 'node001 node002'],
  ['luna power node001 o', 'on off'],
  ['luna power -n node001 o', 'on off'],
  ['luna provision lo', 'log log01'],
  ['luna provision log no', 'node001 node002'],
  ['luna constructor ', ''],
  ['luna history n', 'node network'],
  ['luna history node/no', 'node/node001 node/node002'],
  ['luna history group co', 'compute'],
  ['luna nonsense ', ''],
];

describe('completion', () => {
  for (const [line, words] of cases) {
    it(`offers ${words === '' ? 'nothing' : words} at: ${line}`, async () => { assert.equal(await at(line), words); });
  }

  it('tells what a command is for', async () => {
    assert.deepEqual(await candidates(table, ['po'], () => Promise.resolve([])), [{ word: 'power', about: 'Power.' }]);
  });
});
