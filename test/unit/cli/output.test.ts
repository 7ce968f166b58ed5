import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { distance, nearest } from '../../../cli/nearest.ts';
import { csvText } from '../../../cli/output/formats.ts';
import { asksForJson, formatFlag } from '../../../cli/output/output-flags.ts';
import { listText, rowData, selectRows } from '../../../cli/output/rows.ts';
import { compareNaturally } from '../../../cli/output/sort.ts';
import { parseCondition } from '../../../cli/output/where.ts';

const rows = [
  { name: 'node10', group: 'compute', service: false, status: null, interfaces: [{ name: 'BOOTIF', ip: '10.0.0.10' }, { name: 'BMC', ip: '10.1.0.10' }] },
  { name: 'node9', group: 'compute', service: true, status: { stage: 'download' }, interfaces: [{ name: 'BOOTIF', ip: '10.0.0.9' }] },
  { name: 'login', group: 'login', service: false, status: { stage: 'ready' }, interfaces: [] },
];
const layout = { columns: [{ title: 'Name', field: 'name', cell: (row: { name: string }) => row.name }, { title: 'IPs', field: 'interfaces.ip', cell: () => 'x' }] };
const selected = (...where: string[]): string[] => selectRows(rows, layout, { where }).map(({ name }) => name);

describe('--where', () => {
  const cases: [string, string[]][] = [
    ['group=compute', ['node10', 'node9']],
    ['group!=compute', ['login']],
    ['name~^node1', ['node10']],
    ['name!~node', ['login']],
    ['interfaces.ip=10.1.0.10', ['node10']],
    ['ips=10.0.0.9', ['node9']],
    ['interfaces.ip<10.0.0.10', ['node9']],
    ['name>node9', ['node10']],
    ['service=yes', ['node9']],
    ['service=false', ['node10', 'login']],
    ['status.stage=', ['node10']],
    ['status=download', ['node9']],
  ];
  for (const [condition, names] of cases) it(`${condition} keeps ${names.join(' ')}`, () => { assert.deepEqual(selected(condition), names); });

  it('asks for all conditions', () => { assert.deepEqual(selected('group=compute', 'service=n'), ['node10']); });
  it('names the field that was meant', () => { assert.throws(() => selected('grup=x'), /no field grup; did you mean group\?\nFields: group, interfaces, interfaces\.ip/); });
  it('refuses what is no condition', () => { assert.throws(() => parseCondition('group compute'), /Expected field=value/); });
  it('refuses a broken pattern', () => { assert.throws(() => parseCondition('name~('), /no regular expression/); });
});

describe('--sort', () => {
  const sorted = (sort: string): string[] => selectRows(rows, layout, { sort }).map(({ name }) => name);

  it('counts numbers as numbers', () => { assert.deepEqual(sorted('name'), ['login', 'node9', 'node10']); });
  it('turns the order round', () => { assert.deepEqual(sorted('-name'), ['node10', 'node9', 'login']); });
  it('goes by the next field among equals', () => { assert.deepEqual(sorted('-group,name'), ['login', 'node9', 'node10']); });
  it('puts rows without a value last', () => { assert.deepEqual(sorted('status.stage'), ['node9', 'login', 'node10']); });
  it('is an order', () => {
    const values = ['', 'a', 'a1', 'a10', 'a9', '10', '9', '10.0.0.9', 'B'];
    for (const a of values) for (const b of values) assert.equal(Math.sign(compareNaturally(a, b)), -Math.sign(compareNaturally(b, a)) + 0);
  });
});

describe('-o', () => {
  it('prints names alone', async () => { assert.equal(await listText(rows, layout, { output: 'name' }), 'node10\nnode9\nlogin'); });
  it('prints YAML of the chosen fields', async () => {
    assert.equal(await listText(rows.slice(0, 1), layout, { output: 'yaml', columns: 'name,interfaces.ip' }), '- name: node10\n  interfaces.ip:\n    - 10.0.0.10\n    - 10.1.0.10');
  });
  it('prints CSV of any field', async () => {
    assert.equal(await listText(rows, layout, { output: 'csv', columns: 'name,status.stage,interfaces.ip' }), 'name,status.stage,interfaces.ip\nnode10,,10.0.0.10 10.1.0.10\nnode9,download,10.0.0.9\nlogin,ready,');
  });
  it('quotes in CSV what needs it', () => { assert.equal(csvText(['a'], [['x,y'], ['say "hi"'], ['1\n2'], [null], [true]]), 'a\n"x,y"\n"say ""hi"""\n"1\n2"\n\nyes'); });
  it('gives the chosen fields as data', () => { assert.deepEqual(rowData(rows.slice(1, 2), layout, { columns: 'name,service' }), [{ name: 'node9', service: true }]); });
  it('is told from an -o that means something else', () => {
    assert.deepEqual(formatFlag(['compute', '-o', 'json']), ['compute', '--output', 'json']);
    assert.deepEqual(formatFlag(['-o', 'compute']), ['-o', 'compute']);
    assert.deepEqual(formatFlag(['--', '-o', 'json']), ['--', '-o', 'json']);
    assert.ok(asksForJson(['-o', 'json']) && asksForJson(['--output=json']) && !asksForJson(['--', '-o', 'json']) && !asksForJson(['-o', 'yaml']));
  });
});

describe('a guess', () => {
  it('counts mistakes', () => { assert.deepEqual([distance('', 'ab'), distance('ab', 'ba'), distance('node', 'noode'), distance('a', 'a')], [2, 1, 1, 0]); });
  it('takes the nearest, if it is near', () => {
    assert.equal(nearest('chnage', ['add', 'change', 'clone']), 'change');
    assert.equal(nearest('osim', ['osimage', 'node']), 'osimage');
    assert.equal(nearest('xyz', ['add', 'change']), undefined);
  });
});
