import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldNodes, type NodeDeclaration, unfoldNodes } from '../../../domain/node-declaration.ts';
import { readList, writeList } from '../../../domain/value-list.ts';
import { refused } from '../../support/refused.ts';

const lists: [string[], string | string[]][] = [
  [['10.30.0.1', '10.30.0.2', '10.30.0.3'], '10.30.0.[1-3]'],
  [['10.30.0.254', '10.30.0.255', '10.30.1.0', '10.30.1.1'], '10.30.0.[254-255],10.30.1.[0-1]'],
  [['3', '2', '1'], '3,2,1'],
  [['Gi1/0/9', 'Gi1/0/10', 'Gi1/0/12'], 'Gi1/0/[9-10],Gi1/0/12'],
  [['08', '09', '10'], '[08-10]'],
  [['eth[0]', 'a,b'], ['eth[0]', 'a,b']],
  [['7', '7'], '7,7'],
  [['2001:db8::9', '2001:db8::a'], '2001:db8::9,2001:db8::a'],
];
for (const [values, written] of lists) {
  test(`writes ${values.join(' ')} so that it reads the same`, () => {
    assert.deepEqual(writeList(values), written);
    assert.deepEqual(readList(written, values.length), values);
  });
}

test('refuses a list of another length than there are nodes', () => {
  assert.throws(() => readList('[1-3]', 2), refused('invalid', /stands for 3 values, and there are 2 nodes/));
});

const node = (n: number, group = 'compute'): NodeDeclaration => ({ shared: { group }, port: String(n), addresses: { BOOTIF: `10.30.0.${n}` }, addresses6: {}, macs: [`52:54:00:00:00:0${n}`] });

test('folds nodes that share everything into one entry, and reads the same nodes out of it', () => {
  const nodes = new Map([['node1', node(1)], ['node2', node(2)], ['login', { shared: { group: 'login' }, addresses: {}, addresses6: {}, macs: ['52:54:00:00:00:09', '52:54:00:00:00:0a'] }]]);

  const entries = foldNodes(nodes);

  assert.deepEqual(entries, {
    'login': { group: 'login', mac: ['52:54:00:00:00:09', '52:54:00:00:00:0a'] },
    'node[1-2]': { group: 'compute', port: '[1-2]', addresses: { BOOTIF: '10.30.0.[1-2]' }, macs: { node1: '52:54:00:00:00:01', node2: '52:54:00:00:00:02' } },
  });
  const read = Object.entries(entries).flatMap(([key, entry]) => [...unfoldNodes(key, entry as never, (path, error) => { throw new Error(`${path.join('.')} ${String(error)}`); })]);
  assert.deepEqual(new Map(read), nodes);
});

test('keeps ten thousand nodes of fifty groups in fifty entries', () => {
  const nodes = new Map(Array.from({ length: 10_000 }, (_, i) => {
    const address = `10.30.${Math.floor((i + 1) / 256)}.${(i + 1) % 256}`;
    return [`node${String(i + 1).padStart(5, '0')}`, { shared: { group: `group${Math.floor(i / 200)}` }, addresses: { BOOTIF: address }, addresses6: {}, macs: [] }];
  }));

  const entries = foldNodes(nodes);

  assert.equal(Object.keys(entries).length, 50);
  assert.deepEqual(entries['node[00201-00400]'], { group: 'group1', addresses: { BOOTIF: '10.30.0.[201-255],10.30.1.[0-144]' } });
});

test('says what an entry of nodes can not mean', () => {
  const found: string[] = [];
  const note = (path: string[], error: unknown): void => { found.push(`${path.join('.')}: ${(error as Error).message}`); };

  unfoldNodes('node[1-2]', { group: 'g', mac: '52:54:00:00:00:01', macs: { node3: '52:54:00:00:00:03' }, addresses: { BOOTIF: '10.0.0.1' } }, note);

  assert.deepEqual(found, [
    'addresses.BOOTIF: stands for 1 value, and there are 2 nodes',
    'mac: is the MAC of one node; write macs: {NODE: MAC} for several',
    'macs.node3: node[1-2] does not name node node3',
  ]);
});
