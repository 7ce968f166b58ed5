import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BSON } from 'mongodb';
import { readDump } from '../../../../cli/mongo-dump.ts';
import { readBson } from '../../../../cli/bson.ts';
import { importLuna1 } from '../../../../domain/import/luna1.ts';
import { applied, report } from '../../../support/imported.ts';
import { schema12, schemaSeed, writeArchive, writeDump } from '../../../support/luna1-dump.ts';
import { refused } from '../../../support/refused.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('brings a dump of schema 1.2 along', () => {
  const folder = temporaryFolder('dump');
  writeDump(`${folder}/luna`, schema12);

  const imported = importLuna1(readDump(folder));
  const { file } = applied(imported.file);

  assert.deepEqual(report(imported), [
    'osimage compute: tarball: packed by Luna 1: pack it again with luna osimage pack',
    'node lost: group: its group is gone, so the node was left out',
  ]);
  assert.deepEqual(file.cluster, { frontend_address: '10.30.255.254', dhcp_net: 'cluster' });
  assert.deepEqual(file.networks, {
    cluster: {
      network: '10.30.0.0/16', ns_hostname: 'master', ns_ip: '10.30.255.254', include: 'www A 10.30.0.80', comment: 'provisioning',
      dhcp_start: '10.30.128.1', dhcp_end: '10.30.129.254', reserved: [{ ip: '10.30.0.7' }],
    },
    ipmi: { network: '10.31.0.0/24', ns_hostname: 'master', ns_ip: '10.31.0.254' },
    v6: { network: 'fd00:10::/64' },
  });
  assert.deepEqual(file.switches, { switch01: { network: 'ipmi', ip: '10.31.0.100', read: 'readme' } });
  assert.deepEqual(file.otherdevs, { pdu01: { addresses: { ipmi: '10.31.0.101' } } });
  assert.deepEqual(file.bmcsetups, { base: { password: 'ladmin' } });
  assert.deepEqual(file.groups, {
    compute: {
      osimage: 'compute', bmcsetup: 'base', domain: 'cluster', torrent_if: 'BOOTIF', postscript: '', comment: 'all of them',
      interfaces: { BOOTIF: { network: 'cluster', network6: 'v6', params: 'MTU=9000' }, BMC: { network: 'ipmi' } },
    },
  });
  assert.deepEqual(file.nodes, {
    node001: { group: 'compute', switch: 'switch01', port: 'Gi2/0/26', addresses: { BOOTIF: '10.30.0.1', BMC: '10.31.0.1' }, addresses6: { BOOTIF: 'fd00:10::1' }, mac: '52:54:00:cc:00:01' },
    node002: { group: 'compute', localboot: true, setupbmc: false, comment: 'spare', addresses: { BOOTIF: '10.30.0.2', BMC: '10.31.0.7' }, addresses6: { BOOTIF: 'fd00:10::2' } },
  });
});

test('brings a dump of the seed along: boot_if is BOOTIF, bmcnetwork is BMC', () => {
  const folder = temporaryFolder('dump');
  writeDump(folder, schemaSeed);

  const { file } = applied(importLuna1(readDump(folder)).file);

  assert.deepEqual(file.groups?.['compute'], {
    osimage: 'compute', bmcsetup: 'base', domain: 'cluster', torrent_if: 'BOOTIF', partscript: 'mount -t ramfs ramfs /sysroot', postscript: '',
    interfaces: { BOOTIF: { network: 'cluster' }, ib0: { params: 'CONNECTED_MODE=yes' }, BMC: { network: 'ipmi' } },
  });
  assert.deepEqual(file.nodes, { node001: { group: 'compute', addresses: { BOOTIF: '10.30.0.1', BMC: '10.31.0.1' }, mac: '52:54:00:cc:00:01' } });
});

test('tells of an image whose tree is the controller’s own', () => {
  const [osimage = {}] = schema12.osimage;

  const imported = importLuna1({ ...schema12, osimage: [{ ...osimage, path: '/' }] });

  assert.match(report(imported).find((line) => line.startsWith('osimage')) ?? '', /^osimage compute: path: \/ is the controller's own: .*; correct it in the site file \(-o yaml\)/);
});

test('reads an archive as well as a folder', () => {
  const folder = temporaryFolder('dump');
  writeDump(`${folder}/luna`, schema12);
  writeArchive(`${folder}/luna.archive`, schema12);

  assert.deepEqual(readDump(`${folder}/luna.archive`), readDump(folder));
});

test('refuses documents that are cut off', () => {
  const [node = {}] = schema12.node;
  const bytes = BSON.serialize(node);

  for (let length = 0; length < bytes.length; length += 1) assert.throws(() => readBson(bytes.subarray(0, length)), refused('invalid', /broken/));
  assert.equal(readBson(bytes)['name'], 'node001');
});

test('gives back what it was given: export, import, export', () => {
  const folder = temporaryFolder('dump');
  writeDump(folder, schema12);

  const { file } = applied(importLuna1(readDump(folder)).file);

  assert.deepEqual(applied(file).file, file);
});

test('says what is wrong with a dump', () => {
  const folder = temporaryFolder('dump');

  assert.throws(() => readDump(folder), refused('invalid', /holds no collection/));
  assert.throws(() => importLuna1({ users: [] }), refused('invalid', /no collection of Luna 1 \(cluster, group, node\), but users/));
});
