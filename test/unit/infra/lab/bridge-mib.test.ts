import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bridgeMib, compareOids } from '../../../../infra/lab/bridge-mib.ts';
import { passPersist } from '../../../../infra/lab/pass-persist.ts';

const ports = [{ ifname: 'tap1' }, { ifname: 'tap10' }];
const mac = '52:54:00:30:00:0a';
const macIndex = '82.84.0.48.0.10';

test('shows a learned MAC on its port in BRIDGE-MIB and in Q-BRIDGE-MIB', () => {
  const { values } = bridgeMib(ports, [{ mac, ifname: 'tap10' }]);

  assert.deepEqual(values.get(`1.3.6.1.2.1.17.4.3.1.1.${macIndex}`), { type: 'octet', value: '52 54 00 30 00 0A' });
  assert.equal(values.get(`1.3.6.1.2.1.17.4.3.1.2.${macIndex}`)?.value, '10');
  assert.equal(values.get(`1.3.6.1.2.1.17.7.1.2.2.1.2.1.${macIndex}`)?.value, '10');
});

test('names ports by an ifIndex that is not the number of the port', () => {
  const { values } = bridgeMib(ports, []);

  assert.equal(values.get('1.3.6.1.2.1.17.1.4.1.2.10')?.value, '10010');
  assert.equal(values.get('1.3.6.1.2.1.31.1.1.1.1.10010')?.value, 'GigabitEthernet0/10');
});

test("hides the bridge's own addresses and those of foreign interfaces", () => {
  const entries = [
    { mac, ifname: 'tap1', state: 'permanent' },
    { mac, ifname: 'tap1', flags: ['self'] },
    { mac, ifname: 'eth7' },
  ];

  const { keys } = bridgeMib(ports, entries);

  assert.ok(!keys.some((key) => key.endsWith(macIndex)));
});

test('walks in the order of numbers, not of letters', () => {
  const { keys } = bridgeMib(ports, [{ mac, ifname: 'tap1' }]);

  assert.deepEqual(keys, keys.toSorted(compareOids));
  assert.ok(compareOids('1.3.9', '1.3.10') < 0);
  assert.ok(compareOids('1.3', '1.3.1') < 0);
});

test('answers the questions of snmpd', () => {
  const respond = passPersist(() => bridgeMib(ports, []));
  const ask = (...lines: string[]): string[] => lines.flatMap(respond);

  assert.deepEqual(ask('PING'), ['PONG']);
  assert.deepEqual(ask('get', '.1.3.6.1.2.1.17.1.4.1.1.10'), ['.1.3.6.1.2.1.17.1.4.1.1.10', 'integer', '10']);
  assert.deepEqual(ask('getnext', '.1.3.6.1.2.1.17.1.4.1.1.1'), ['.1.3.6.1.2.1.17.1.4.1.1.10', 'integer', '10']);
  assert.deepEqual(ask('get', '.1.3.6.1.2.1.17.9'), ['NONE']);
  assert.deepEqual(ask('getnext', '.1.3.6.1.2.1.99'), ['NONE']);
  assert.deepEqual(ask('set', '.1.3.6.1.2.1.17.1.2.0', 'integer 7'), ['not-writable']);
  assert.deepEqual(ask('PING'), ['PONG']);
});
