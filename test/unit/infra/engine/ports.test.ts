import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conflictText, inTheWay, parseTable } from '../../../../infra/engine/ports.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

test('reads listening TCP sockets and skips connections', () => {
  const table = [
    head,
    '   0: 0100007F:1B8B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41 1 0000000000000000 100 0 0 10 0',
    '   1: 0100007F:1B8B 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 42 1 0000000000000000 100 0 0 10 0',
  ].join('\n');

  assert.deepEqual(parseTable('tcp', table), [{ protocol: 'tcp', address: '127.0.0.1', port: 7051, inode: '41' }]);
});

test('reads UDP sockets bound to all addresses, of IPv4 and IPv6', () => {
  const table = [
    head,
    '  10: 00000000:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 51 2 0000000000000000 0',
    '  11: 00000000000000000000000000000000:0045 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000  0  0 52 2 0000000000000000 0',
  ].join('\n');

  assert.deepEqual(parseTable('udp', table), [
    { protocol: 'udp', address: '0.0.0.0', port: 67, inode: '51' },
    { protocol: 'udp', address: '0.0.0.0', port: 69, inode: '52' },
  ]);
});

test('tells who holds a port and which setting moves it', () => {
  const claim = { protocol: 'udp', address: '0.0.0.0', port: 67, variable: 'LUNA_DHCP_PORT' } as const;

  assert.equal(conflictText({ claim, holder: { pid: 812, command: '/usr/sbin/dnsmasq' } }), 'UDP port 67 is held by process 812 (/usr/sbin/dnsmasq); stop it, or set LUNA_DHCP_PORT');
  assert.match(conflictText({ claim, holder: undefined }), /a process that can't be seen from here/);
});

test('is not kept from answering names by a resolver that serves this machine alone', () => {
  const claim = { protocol: 'udp', address: '0.0.0.0', port: 53, variable: 'LUNA_DNS_PORT', besideLoopback: true } as const;

  assert.deepEqual(['127.0.0.53', '0.0.0.0', '10.30.0.1'].map((bound) => inTheWay(bound, claim)), [false, true, true]);
  assert.equal(inTheWay('127.0.0.53', { ...claim, besideLoopback: false }), true);
});
