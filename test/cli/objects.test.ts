import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cliSuite } from '../support/cli-suite.ts';
import type { Stubbed } from '../support/stub-api.ts';

const network = { name: 'cluster', rev: 0, comment: '', network: '10.30.0.0', prefix: 16, gateway: null, dns: [], ns_hostname: null, ns_ip: null, provision: null, dhcp_start: null, dhcp_end: null, reserved: [{ ip: '10.30.9.1', name: 'storage' }] };
const group = {
  name: 'compute', rev: 3, comment: 'racks 1 to 4', osimage: 'compute', bmcsetup: 'base', domain: 'cluster', prescript: '', partscript: 'mount -t tmpfs tmpfs /sysroot',
  postscript: 'echo one\necho two', torrent_if: null, boot_policy: null, bootloader: 'auto', attempts: 2,
  interfaces: [{ name: 'BOOTIF', network: 'cluster', address: '10.30.0.0/16', params: 'MTU=9000\n' }, { name: 'BMC', network: null, address: null, params: '' }],
};
const node = (name: string, ip: string, of = 'compute'): object => ({
  name, rev: 1, comment: '', group: of, switch: 'switch01', port: '1', localboot: false, setupbmc: true, service: false, bootfile: null, ipxe: null, dhcp_options: {}, boot: [], macs: ['52:54:00:00:00:01'],
  interfaces: [{ name: 'BOOTIF', network: 'cluster', ip, prefix: 16 }],
});
const sighting = { mac: '52:54:00:00:00:09', network: 'cluster', ip: '10.30.200.1', arch: 0, firstSeen: '2024-05-01T10:00:00.000Z', lastSeen: '2024-05-01T10:05:00.000Z', where: 'switch01 port 7' };

const stubs: Record<string, Stubbed> = {
  'GET /networks': { json: [network] },
  'GET /networks/cluster': { json: network },
  'GET /networks/cluster?raw=1': { json: { _id: 'n1', name: 'cluster', dns: [], comment: '' } },
  'POST /networks': { json: network },
  'GET /cluster': { json: { frontend_address: '10.30.255.254' } },
  'PATCH /networks/cluster': { json: { ...network, network: '10.40.0.0' } },
  'DELETE /networks/cluster': { status: 409, error: { code: 'in-use', message: 'network cluster is used by [group/compute]', next: 'luna group change compute -i BOOTIF --delnet' } },
  'DELETE /networks/ipmi': { json: {} },
  'GET /networks/cluster/addresses': { json: { members: [
    { ip: '10.30.0.1', kind: 'node', name: 'node001', why: null }, { ip: '10.30.9.1', kind: 'network', name: 'cluster', why: 'storage' },
    { ip: '10.30.255.254', kind: 'cluster', name: 'general', why: 'frontend' }], dynamic: null, free: [] } },
  'GET /osimages/compute/kernels': { json: [{ kernver: '6.1.0-9', current: false, installed: true }, { kernver: '6.1.0-28', current: true, installed: true }] },
  'GET /macs': { json: [{ switch: 'switch01', port: 3, portname: 'Gi0/3', mac: '52:54:00:00:00:01', confport: true, node: 'node001' }] },
  'DELETE /cluster': { status: 409, error: { code: 'in-use', message: 'cluster general is in use by [network/cluster]', next: 'luna network show cluster' } },
  'GET /otherdevs': { json: [{ name: 'pdu01', comment: '', connected: [{ network: 'ipmi', ip: '10.31.250.1' }] }] },
  'POST /otherdevs': { json: { name: 'pdu01', connected: [{ network: 'ipmi', ip: '10.31.250.1' }] } },
  'PATCH /otherdevs/pdu01': { json: {} },
  'POST /groups/compute/clone': { json: {} },
  'POST /osimages/compute/clone': { json: {} },
  'POST /cluster': { json: { frontend_address: null } },
  'PATCH /cluster': { json: {} },
  'POST /switches': { json: { name: 'switch01', ip: '10.31.253.21' } },
  'POST /osimages': { json: { name: 'compute' } },
  'PATCH /osimages/compute': { json: {} },
  'GET /bmcsetups': { json: [{ name: 'base', user: 'ladmin' }] },
  'POST /bmcsetups': { json: { name: 'base' } },
  'PATCH /bmcsetups/base': { json: {} },
  'GET /groups': { json: [group] },
  'GET /groups/compute': { json: group },
  'POST /groups': { json: group },
  'PATCH /groups/compute': { json: group },
  'GET /nodes': { json: [node('node001', '10.30.0.1'), node('login01', '10.30.0.9', 'login')] },
  'GET /nodes/node001': { json: node('node001', '10.30.0.1') },
  'GET /provision?nodes=node001': { json: [{ nodeName: 'node001', status: 'running', stage: 'download', luna1: 'install.download', percent: 66.7, elapsed: 12 }] },
  'GET /nodes/node001/script/install': { text: '#!/bin/sh\nset -eu\n' },
  'PATCH /nodes/node001': { json: node('node001', '10.30.0.1') },
  'POST /nodes/change': { json: [{ name: 'node001', ok: true }, { name: 'node002', ok: true }, { name: 'node003', error: { code: 'not-found', message: 'there is no node named node003' } }] },
  'POST /nodes/delete': { json: [{ name: 'node001', ok: true }, { name: 'node002', ok: true }] },
  'PATCH /nodes/node003': { status: 404, error: { code: 'not-found', message: 'node node003 does not exist' } },
  'DELETE /nodes/node001': { json: {} },
  'GET /unknown': { json: [sighting] },
};

/** argv, the changing requests it makes, what stdout must match, and the exit code. */
type Case = [argv: string, requests: [string, unknown?][], out: RegExp, code?: number];
const cases: Record<string, Case[]> = {
  cluster: [
    ['cluster init', [['POST /cluster', {}]], /frontend_address IP/],
    ['cluster init --frontend_address 10.30.255.254 --prefix cn --digits 4', [['POST /cluster', { frontend_address: '10.30.255.254', nodeprefix: 'cn', nodedigits: 4 }]], /cluster is there/],
    ['cluster change -p cn -d 4', [['PATCH /cluster', { nodeprefix: 'cn', nodedigits: 4 }]], /Changed/],
    ['cluster change', [], /^$/, 2],
    ['cluster listmacs', [['GET /macs']], /\| switch01 +\| 3 +\| Gi0\/3 +\| 52:54:00:00:00:01 +\| yes +\| node001 +\|/],
    ['cluster delete', [['DELETE /cluster']], /^$/, 255],
  ],
  network: [
    ['network add -n cluster -N 10.30.0.0 -P 16', [['POST /networks', { name: 'cluster', network: '10.30.0.0', prefix: 16 }]], /Added network cluster: 10.30.0.0\/16/],
    ['network add cluster -N 10.30.0.0/16 --dns 10.0.0.1,10.0.0.2 --provision y', [['POST /networks', { name: 'cluster', network: '10.30.0.0', prefix: 16, dns: ['10.0.0.1', '10.0.0.2'], provision: true }]], /Added/],
    ['network add cluster -N 10.30.0.0/ab', [], /^$/, 2],
    ['network add cluster', [], /^$/, 2],
    ['network add cluster -n cluster -N 10.30.0.0/16', [], /^$/, 2],
    ['network change cluster --gateway EMPTY --dhcp_start 10.30.128.1', [['PATCH /networks/cluster', { gateway: null, dhcp_start: '10.30.128.1' }]], /Changed network cluster/],
    ['network change cluster -R 10.30.9.1 --reserve 10.30.9.3-10.30.9.5', [['PATCH /networks/cluster', { reserve: [{ ip: '10.30.9.1' }, { ip: '10.30.9.3-10.30.9.5' }] }]], /Changed/],
    ['network reserve cluster 10.30.9.1 --for storage', [['PATCH /networks/cluster', { reserve: [{ ip: '10.30.9.1', name: 'storage' }] }]], /Changed/],
    ['network release -n cluster 10.30.9.1 10.30.9.2', [['PATCH /networks/cluster', { release: ['10.30.9.1', '10.30.9.2'] }]], /Changed/],
    ['network renumber cluster 10.40.0.0/16', [['GET /networks/cluster'], ['PATCH /networks/cluster', { network: '10.40.0.0', prefix: 16 }], ['GET /cluster']], /Changed[^]*Next: luna cluster change --frontend_address 10\.40\.255\.254/],
    ['network renumber -n cluster 10.40.0.0', [['GET /networks/cluster'], ['PATCH /networks/cluster', { network: '10.40.0.0' }], ['GET /cluster']], /Changed/],
    ['network change cluster --mtu 9000 --search a.b,c', [['PATCH /networks/cluster', { search: ['a.b', 'c'], mtu: 9000 }]], /Changed/],
    ['network show cluster --reservedips', [['GET /networks/cluster/addresses']], /^10\.30\.0\.1:node001\n10\.30\.9\.1:storage\n10\.30\.255\.254:frontend\n$/],
    ['network show cluster --raw', [['GET /networks/cluster?raw=1']], /^\{\n {4}"_id": "n1",\n {4}"comment": "",/],
    ['network delete ipmi', [['DELETE /networks/ipmi']], /Deleted network ipmi/],
    ['network delete cluster', [['DELETE /networks/cluster']], /^$/, 255],
    ['network delete ipmi,cluster', [['DELETE /networks/ipmi'], ['DELETE /networks/cluster']], /Deleted network ipmi/, 1],
  ],
  otherdev: [
    ['otherdev add pdu01 -N ipmi -i 10.31.250.1', [['POST /otherdevs', { name: 'pdu01', network: 'ipmi', ip: '10.31.250.1' }]], /Added otherdev pdu01: \[ipmi\]:10\.31\.250\.1/],
    ['otherdev list', [['GET /otherdevs']], /\| pdu01 +\| \[ipmi\]:10\.31\.250\.1 +\|/],
    ['otherdev change -n pdu01 -N ipmi -i EMPTY', [['PATCH /otherdevs/pdu01', { network: 'ipmi', ip: null }]], /Changed/],
    ['otherdev change pdu01 -i 10.31.250.2', [], /^$/, 2],
  ],
  switch: [
    ['switch change switch01 --rw private', [], /^$/],
    ['switch change switch01', [], /^$/, 2],
    ['switch add -n switch01 --oid .1.3.6 --network ipmi --ip 10.31.253.21', [['POST /switches', { name: 'switch01', oid: '.1.3.6', network: 'ipmi', ip: '10.31.253.21' }]], /Added switch switch01: 10.31.253.21/],
  ],
  osimage: [
    ['osimage add -n compute -p /opt/luna/os/compute', [['POST /osimages', { name: 'compute', path: '/opt/luna/os/compute' }]], /luna osimage pack compute/],
    ['osimage show compute -k', [['GET /osimages/compute/kernels']], /^6\.1\.0-9\n6\.1\.0-28 <=\n$/],
    ['osimage change compute -o EMPTY -k EMPTY', [['PATCH /osimages/compute', { kernopts: '', kernver: null }]], /Changed/],
  ],
  osimages: [
    ['osimage clone compute --to gpu -p /opt/luna/os/gpu', [['POST /osimages/compute/clone', { to: 'gpu', path: '/opt/luna/os/gpu' }]], /Cloned/],
    ['osimage change compute -e --file SCRIPT', [['PATCH /osimages/compute', { grab_exclude_list: 'echo hello\nexit 0' }]], /Changed/],
  ],
  bmcsetup: [
    ['bmcsetup add -n base', [['POST /bmcsetups', { name: 'base' }]], /Added/],
    ['bmcsetup add base -u admin -p secret -I 4 --cipher 3', [['POST /bmcsetups', { name: 'base', user: 'admin', password: 'secret', userid: 4, cipher: 3 }]], /Added/],
    ['bmcsetup change base --password-file SECRET', [['PATCH /bmcsetups/base', { password: 'from a file' }]], /Changed/],
    ['bmcsetup change base --password-file /nonexistent', [], /^$/, 255],
    ['bmcsetup list', [['GET /bmcsetups']], /\| base {2}\| ladmin {2}\|/],
  ],
  group: [
    ['group add -n compute -i enp7s0 -o compute', [['POST /groups', { name: 'compute', osimage: 'compute', interfaces: ['enp7s0'] }]], /Added group compute/],
    ['group add compute -o compute -N cluster -b base --bn ipmi', [['POST /groups', { name: 'compute', osimage: 'compute', network: 'cluster', bmcsetup: 'base', bmcnetwork: 'ipmi' }]], /Added/],
    ['group add compute -o compute -N cluster --network6 cluster6', [['POST /groups', { name: 'compute', osimage: 'compute', network: 'cluster', network6: 'cluster6' }]], /Added/],
    ['group change -n compute -b base', [['PATCH /groups/compute', { bmcsetup: 'base' }]], /Changed group compute/],
    ['group change compute -b EMPTY --domain EMPTY --boot-policy default', [['PATCH /groups/compute', { bmcsetup: null, domain: null, boot_policy: null }]], /Changed/],
    ['group change compute -d cluster --bootloader none', [['PATCH /groups/compute', { domain: 'cluster', bootloader: 'none' }]], /Changed/],
    ['group change -n compute --interface enp7s0 --setnet cluster', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'enp7s0', op: 'setnet', network: 'cluster' }] }]], /Changed/],
    ['group change -n compute --boot_if enp7s0', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'enp7s0', op: 'rename', newname: 'BOOTIF', keep: true }] }]], /Changed/],
    ['group change -n compute --boot_if BOOTIF', [['GET /groups/compute']], /^$/],
    ['group change -n compute --bmcnetwork --setnet ipmi', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'BMC', op: 'setnet', network: 'ipmi' }] }]], /Changed/],
    ['group change compute -i BOOTIF --mtu 9000 --vlan EMPTY --route 10.40.0.0/16,10.30.255.1,5 --dhcp n', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'BOOTIF', op: 'set', mtu: 9000, vlan: null, routes: [{ to: '10.40.0.0/16', via: '10.30.255.1', metric: 5 }], dhcp: false }] }]], /Changed/],
    ['group change compute -i bond0 --bond 802.3ad', [['GET /groups/compute']], /^$/, 2],
    ['group change compute -i BMC -A --sn ipmi', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'BMC', op: 'add' }, { name: 'BMC', op: 'setnet', network: 'ipmi' }] }]], /Changed/],
    ['group change compute -i BMC --delnet', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'BMC', op: 'delnet' }] }]], /Changed/],
    ['group change compute -i eth0 --rename eth1', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'eth0', op: 'rename', newname: 'eth1' }] }]], /Changed/],
    ['group change compute -i BMC -D', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'BMC', op: 'delete' }] }]], /Changed/],
    ['group change compute -i BMC', [['GET /groups/compute']], /^\[BMC\]\n$/],
    ['group change -n compute --partscript', [['GET /groups/compute']], /^mount -t tmpfs tmpfs \/sysroot\n$/],
    ['group change compute --partscript --clear', [['PATCH /groups/compute', { partscript: '' }]], /Changed/],
    ['group change compute --partscript --file BROKEN', [], /^$/, 255],
    ['group clone compute gpu', [['POST /groups/compute/clone', { to: 'gpu' }]], /Cloned/],
    ['group clone -n compute -t gpu', [['POST /groups/compute/clone', { to: 'gpu' }]], /Cloned/],
    ['group rename compute gpu', [['PATCH /groups/compute', { name: 'gpu' }]], /Renamed/],
    ['group rename -n compute --nn gpu', [['PATCH /groups/compute', { name: 'gpu' }]], /Renamed/],
    ['group rename -n compute gpu', [['PATCH /groups/compute', { name: 'gpu' }]], /Renamed/],
    ['group rename compute', [], /^$/, 2],
    ['group change compute --setnet ipmi', [], /^$/, 2],
    ['group change compute --postscript --file SCRIPT', [['PATCH /groups/compute', { postscript: 'echo hello\nexit 0' }]], /Changed/],
    ['group change compute --post -e --file /dev/null', [['PATCH /groups/compute', { postscript: '' }]], /Changed/],
    ['group change compute -i BOOTIF -e --file SCRIPT', [['GET /groups/compute'], ['PATCH /groups/compute', { interfaces: [{ name: 'BOOTIF', op: 'params', params: 'echo hello\nexit 0' }] }]], /Changed/],
    ['group change compute --partscript', [], /^$/, 255],
    ['group change compute --pre --post --file SCRIPT', [], /^$/, 2],
    ['group show compute --partscript', [['GET /groups/compute']], /^mount -t tmpfs tmpfs \/sysroot\n$/],
    ['group show compute -i BOOTIF', [['GET /groups/compute']], /^\[BOOTIF\]:\[cluster\]:10.30.0.0\/16\nMTU=9000\n$/],
    ['group show compute -i eth9', [['GET /groups/compute']], /^$/, 255],
  ],
  node: [
    ['node add -g compute', [['POST /nodes', { names: null, group: 'compute' }]], /^node001\n$/],
    ['node add -n node[001-002] -g compute', [['POST /nodes', { names: ['node001', 'node002'], group: 'compute' }]], /^node001\n$/],
    ['node list --group login', [['GET /nodes']], /^(?![^]*node001)[^]*login01/],
    ['node list -1', [['GET /nodes']], /node001/],
    ['node list --unknown', [['GET /unknown']], /52:54:00:00:00:09 +\| 10.30.200.1 +\| cluster +\| switch01 port 7/],
    ['node show node001 --script install', [['GET /nodes/node001/script/install']], /^#!\/bin\/sh\nset -eu\n$/],
    ['node show node001', [['GET /nodes/node001'], ['GET /provision?nodes=node001']], /\| status +\| install.download \(66 %\) - 0:00:12/],
    ['node change -n node001 -s switch01', [['PATCH /nodes/node001', { switch: 'switch01' }]], /Changed node node001/],
    ['node change -n node001 -p 1', [['PATCH /nodes/node001', { port: '1' }]], /Changed/],
    ['node change -n node001 --localboot y', [['PATCH /nodes/node001', { localboot: true }]], /Changed/],
    ['node change node001 --sv Yes --sb n', [['PATCH /nodes/node001', { service: true, setupbmc: false }]], /Changed/],
    ['node change node001 --service maybe', [], /^$/, 2],
    ['node change node001 --mac EMPTY -s EMPTY -p EMPTY', [['PATCH /nodes/node001', { switch: null, port: null, mac: null }]], /Changed/],
    ['node change node001 --mac 52:54:00:00:00:01 --steal', [['PATCH /nodes/node001', { mac: '52:54:00:00:00:01', steal: true }]], /Changed/],
    ['node change -i BOOTIF 10.30.0.1 node001', [['PATCH /nodes/node001', { interfaces: [{ name: 'BOOTIF', ip: '10.30.0.1' }] }]], /Changed/],
    ['node change -n node001 -i BOOTIF --ip 10.30.0.1', [['PATCH /nodes/node001', { interfaces: [{ name: 'BOOTIF', ip: '10.30.0.1' }] }]], /Changed/],
    ['node change -n node001 -b --ip 10.31.0.1', [['PATCH /nodes/node001', { interfaces: [{ name: 'BMC', ip: '10.31.0.1' }] }]], /Changed/],
    ['node change node001 --mac 52:54:00:00:00:01 --mac 52:54:00:00:00:02', [['PATCH /nodes/node001', { mac: '52:54:00:00:00:01', macs: { add: ['52:54:00:00:00:02'] } }]], /Changed/],
    ['node change node001 --add-mac 52:54:00:00:00:02', [['PATCH /nodes/node001', { macs: { add: ['52:54:00:00:00:02'] } }]], /Changed/],
    ['node rename node001 login01', [['PATCH /nodes/node001', { name: 'login01' }]], /Renamed/],
    ['node change node001 -i BOOTIF 10.30.0.1 -i BMC 10.31.0.1 -l n', [['PATCH /nodes/node001', { localboot: false, interfaces: [{ name: 'BOOTIF', ip: '10.30.0.1' }, { name: 'BMC', ip: '10.31.0.1' }] }]], /Changed/],
    ['node change node001 -i BOOTIF', [], /^$/, 2],
    ['node change node[001-003] --service y', [['POST /nodes/change', { names: ['node001', 'node002', 'node003'], changes: { service: true }, each: true }]], /^Changed node node001.\nChanged node node002.\n$/, 1],
    ['node change node003 --service y', [['PATCH /nodes/node003', { service: true }], ['GET /nodes']], /^$/, 255],
    ['node change node[001- --service y', [], /^$/, 255],
    ['node delete node001', [['DELETE /nodes/node001']], /Deleted node node001/],
    ['node delete node[001-002]', [['POST /nodes/delete', { names: ['node001', 'node002'] }]], /Deleted node node001.\nDeleted node node002/],
  ],
};

describe('the commands for objects', () => {
  const dir = mkdtempSync(join(tmpdir(), 'luna-cli-files-'));
  const words: Record<string, string> = { EMPTY: '', SCRIPT: join(dir, 'script'), BROKEN: join(dir, 'broken'), SECRET: join(dir, 'secret') };
  const cli = cliSuite((call) => call.endsWith('?dry_run=1') ? { json: { diff: [], consequences: [] } } : stubs[call] ?? (call === 'POST /nodes' ? { json: [node('node001', '10.30.0.1')] } : undefined));

  before(() => {
    writeFileSync(join(dir, 'script'), 'echo hello\nexit 0\n\n');
    writeFileSync(join(dir, 'broken'), 'if true; then\n  echo\n');
    writeFileSync(join(dir, 'secret'), 'from a file\nsecond line\n');
  });
  after(() => { rmSync(dir, { recursive: true }); });

  for (const [topic, list] of Object.entries(cases)) {
    describe(topic, () => {
      for (const [line, requests, out, code = 0] of list) {
        it(`${line} ${code === 0 ? 'works' : `exits with ${code}`}`, async () => {
          const answer = await cli.run(...line.split(' ').map((word) => words[word] ?? word));

          assert.deepEqual(cli.seen(), requests.map(([call, body]) => (body === undefined ? { call } : { call, body })), answer.stderr);
          assert.match(answer.stdout, out);
          assert.equal(answer.code, code, answer.stderr);
          if (code !== 0) assert.notEqual(answer.stderr, '');
        });
      }
    });
  }

  const tried = new Map(Object.values(cases).flat().filter(([, requests, , code = 0]) => code === 0 && requests.some(([call]) => !call.startsWith('GET'))).map((one) => [one[0].split(' ', 2).join(' '), one]));
  for (const [command, [line, requests]] of tried) {
    it(`${command} --dry-run asks what would change, and changes nothing`, async () => {
      const answer = await cli.run(...line.split(' ').map((word) => words[word] ?? word), '--dry-run');

      const tries = requests.filter(([call]) => !call.startsWith('GET')).map(([call, body]) => ({ call: `${call}?dry_run=1`, ...(body === undefined ? {} : { body }) }));
      assert.deepEqual(cli.seen().filter(({ call }) => !call.startsWith('GET')), tries, answer.stderr);
      assert.equal(answer.stdout, 'Nothing would change.\n');
      assert.equal(answer.code, 0);
    });
  }

  it('tells message and next command of a refusal', async () => {
    const { stderr } = await cli.run('network', 'delete', 'cluster');

    assert.equal(stderr, 'Error: network cluster is used by [group/compute]\nNext:  luna group change compute -i BOOTIF --delnet\n');
  });

  it('prints a refusal as JSON with --json', async () => {
    const { stdout, code } = await cli.run('network', 'delete', 'cluster', '--json');

    assert.deepEqual((JSON.parse(stdout) as { error: unknown }).error, { code: 'in-use', message: 'network cluster is used by [group/compute]', next: 'luna group change compute -i BOOTIF --delnet' });
    assert.equal(code, 255);
  });

  it('gives what the API gave with --json', async () => {
    assert.deepEqual(JSON.parse((await cli.run('network', 'list', '--json')).stdout), [network]);
    assert.deepEqual(JSON.parse((await cli.run('network', 'show', 'cluster', '--json')).stdout), network);
  });

  it('prints a list as the table of Luna 1', async () => {
    assert.equal((await cli.run('group', 'list')).stdout, [
      '+----------+----------+----------------------------------+',
      '| Name     | Osimage  | Interfaces                       |',
      '+----------+----------+----------------------------------+',
      '| compute  | compute  | [BOOTIF]:[cluster]:10.30.0.0/16  |',
      '|          |          | [BMC]                            |',
      '+----------+----------+----------------------------------+',
      '',
    ].join('\n'));
  });

  it('shows an object with its name first, references in brackets and the comment last', async () => {
    const rows = (await cli.run('group', 'show', 'compute')).stdout.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split('|').slice(1, 3).map((cell) => cell.trim()));

    assert.deepEqual(rows.slice(0, 3), [['Parameter', 'Value'], ['name', 'compute'], ['attempts', '2']]);
    assert.deepEqual(rows.at(-1), ['comment', 'racks 1 to 4']);
    assert.ok(rows.some(([key, value]) => key === 'osimage' && value === '[compute]'));
    assert.ok(rows.some(([key, value]) => key === 'torrent_if' && value === '-'));
    assert.ok(rows.some(([key, value]) => key === '' && value === 'echo two'), 'continuation rows have a blank parameter');
  });
});
