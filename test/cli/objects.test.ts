import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cliSuite } from '../support/cli-suite.ts';
import type { Stubbed } from '../support/stub-api.ts';

const network = { name: 'cluster', rev: 0, comment: '', network: '10.30.0.0', prefix: 16, gateway: null, dns: [], ns_hostname: null, ns_ip: null, provision: null, dhcp_start: null, dhcp_end: null };
const group = {
  name: 'compute', rev: 3, comment: 'racks 1 to 4', osimage: 'compute', bmcsetup: 'base', domain: 'cluster', prescript: '', partscript: 'mount -t tmpfs tmpfs /sysroot',
  postscript: 'echo one\necho two', torrent_if: null, boot_policy: null, bootloader: 'auto', attempts: 2,
  interfaces: [{ name: 'BOOTIF', network: 'cluster', address: '10.30.0.0/16', params: 'MTU=9000\n' }, { name: 'BMC', network: null, address: null, params: '' }],
};
const node = (name: string, ip: string, of = 'compute'): object => ({
  name, rev: 1, comment: '', group: of, switch: 'switch01', port: '1', localboot: false, setupbmc: true, service: false, macs: ['52:54:00:00:00:01'],
  interfaces: [{ name: 'BOOTIF', network: 'cluster', ip, prefix: 16 }],
});
const sighting = { mac: '52:54:00:00:00:09', network: 'cluster', ip: '10.30.200.1', arch: 0, firstSeen: '2024-05-01T10:00:00.000Z', lastSeen: '2024-05-01T10:05:00.000Z', where: 'switch01 port 7' };

const stubs: Record<string, Stubbed> = {
  'GET /networks': { json: [network] },
  'GET /networks/cluster': { json: network },
  'GET /networks/cluster?raw=1': { json: { _id: 'n1', name: 'cluster', dns: [], comment: '' } },
  'POST /networks': { json: network },
  'PATCH /networks/cluster': { json: network },
  'DELETE /networks/cluster': { status: 409, error: { code: 'in-use', message: 'network cluster is used by [group/compute]', next: 'luna group change compute -i BOOTIF --delnet' } },
  'DELETE /networks/ipmi': { json: {} },
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
  'PATCH /nodes/node002': { json: node('node002', '10.30.0.2') },
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
  ],
  network: [
    ['network add -n cluster -N 10.30.0.0 -P 16', [['POST /networks', { name: 'cluster', network: '10.30.0.0', prefix: 16 }]], /Added network cluster: 10.30.0.0\/16/],
    ['network add cluster -N 10.30.0.0/16 --dns 10.0.0.1,10.0.0.2 --provision y', [['POST /networks', { name: 'cluster', network: '10.30.0.0', prefix: 16, dns: ['10.0.0.1', '10.0.0.2'], provision: true }]], /Added/],
    ['network add cluster -N 10.30.0.0/ab', [], /^$/, 2],
    ['network add cluster', [], /^$/, 2],
    ['network add cluster -n cluster -N 10.30.0.0/16', [], /^$/, 2],
    ['network change cluster --gateway EMPTY --dhcp_start 10.30.128.1', [['PATCH /networks/cluster', { gateway: null, dhcp_start: '10.30.128.1' }]], /Changed network cluster/],
    ['network show cluster --raw', [['GET /networks/cluster?raw=1']], /^\{\n {4}"_id": "n1",\n {4}"comment": "",/],
    ['network delete ipmi', [['DELETE /networks/ipmi']], /Deleted network ipmi/],
    ['network delete cluster', [['DELETE /networks/cluster']], /^$/, 255],
    ['network delete ipmi,cluster', [['DELETE /networks/ipmi'], ['DELETE /networks/cluster']], /Deleted network ipmi/, 1],
  ],
  switch: [
    ['switch add -n switch01 --oid .1.3.6 --network ipmi --ip 10.31.253.21', [['POST /switches', { name: 'switch01', oid: '.1.3.6', network: 'ipmi', ip: '10.31.253.21' }]], /Added switch switch01: 10.31.253.21/],
  ],
  osimage: [
    ['osimage add -n compute -p /opt/luna/os/compute', [['POST /osimages', { name: 'compute', path: '/opt/luna/os/compute' }]], /luna osimage pack compute/],
    ['osimage change compute -o EMPTY -k EMPTY', [['PATCH /osimages/compute', { kernopts: '', kernver: null }]], /Changed/],
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
    ['group change -n compute -b base', [['PATCH /groups/compute', { bmcsetup: 'base' }]], /Changed group compute/],
    ['group change compute -b EMPTY --domain EMPTY --boot-policy default', [['PATCH /groups/compute', { bmcsetup: null, domain: null, boot_policy: null }]], /Changed/],
    ['group change compute -d cluster --bootloader none', [['PATCH /groups/compute', { domain: 'cluster', bootloader: 'none' }]], /Changed/],
    ['group change -n compute --interface enp7s0 --setnet cluster', [['PATCH /groups/compute', { interface: { name: 'enp7s0', op: 'setnet', network: 'cluster' } }]], /Changed/],
    ['group change compute -i BMC -A --sn ipmi', [['PATCH /groups/compute', { interface: { name: 'BMC', op: 'add' } }], ['PATCH /groups/compute', { interface: { name: 'BMC', op: 'setnet', network: 'ipmi' } }]], /Changed/],
    ['group change compute -i BMC --delnet', [['PATCH /groups/compute', { interface: { name: 'BMC', op: 'delnet' } }]], /Changed/],
    ['group change compute -i eth0 --rename eth1', [['PATCH /groups/compute', { interface: { name: 'eth0', op: 'rename', newname: 'eth1' } }]], /Changed/],
    ['group change compute -i BMC -D', [['PATCH /groups/compute', { interface: { name: 'BMC', op: 'delete' } }]], /Changed/],
    ['group change compute -i BMC', [], /^$/, 2],
    ['group change compute --setnet ipmi', [], /^$/, 2],
    ['group change compute --postscript --file SCRIPT', [['PATCH /groups/compute', { postscript: 'echo hello\nexit 0' }]], /Changed/],
    ['group change compute --post -e --file /dev/null', [['PATCH /groups/compute', { postscript: '' }]], /Changed/],
    ['group change compute -i BOOTIF -e --file SCRIPT', [['PATCH /groups/compute', { interface: { name: 'BOOTIF', op: 'params', params: 'echo hello\nexit 0' } }]], /Changed/],
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
    ['node change node001 --mac EMPTY -s EMPTY -p EMPTY', [['PATCH /nodes/node001', { mac: null, switch: null, port: null }]], /Changed/],
    ['node change node001 --mac 52:54:00:00:00:01 --steal', [['PATCH /nodes/node001', { mac: '52:54:00:00:00:01', steal: true }]], /Changed/],
    ['node change -i BOOTIF 10.30.0.1 node001', [['PATCH /nodes/node001', { interface: { name: 'BOOTIF', ip: '10.30.0.1' } }]], /Changed/],
    ['node change node001 -i BOOTIF 10.30.0.1 -i BMC 10.31.0.1 -l n', [['PATCH /nodes/node001', { localboot: false, interface: { name: 'BOOTIF', ip: '10.30.0.1' } }], ['PATCH /nodes/node001', { interface: { name: 'BMC', ip: '10.31.0.1' } }]], /Changed/],
    ['node change node001 -i BOOTIF', [], /^$/, 2],
    ['node change node[001-003] --service y', [['PATCH /nodes/node001', { service: true }], ['PATCH /nodes/node002', { service: true }], ['PATCH /nodes/node003', { service: true }]], /node001[^]*node002/, 1],
    ['node change node003 --service y', [['PATCH /nodes/node003', { service: true }]], /^$/, 255],
    ['node change node[001- --service y', [], /^$/, 255],
    ['node delete node001', [['DELETE /nodes/node001']], /Deleted node node001/],
  ],
};

describe('the commands for objects', () => {
  const dir = mkdtempSync(join(tmpdir(), 'luna-cli-files-'));
  const words: Record<string, string> = { EMPTY: '', SCRIPT: join(dir, 'script'), SECRET: join(dir, 'secret') };
  const cli = cliSuite((call) => stubs[call] ?? (call === 'POST /nodes' ? { json: [node('node001', '10.30.0.1')] } : undefined));

  before(() => {
    writeFileSync(join(dir, 'script'), 'echo hello\nexit 0\n\n');
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
