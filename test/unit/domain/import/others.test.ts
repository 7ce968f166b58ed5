import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { importCsv, readCsv } from '../../../../domain/import/csv.ts';
import { importGenders } from '../../../../domain/import/genders.ts';
import { importHosts } from '../../../../domain/import/hosts.ts';
import { importWarewulf } from '../../../../domain/import/warewulf.ts';
import { importXcat } from '../../../../domain/import/xcat.ts';
import type { SiteFile } from '../../../../domain/site-file.ts';
import { applied, report } from '../../../support/imported.ts';
import { refused } from '../../../support/refused.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../../fixtures/import', name), 'utf8');
const nothing: SiteFile = { luna: 2 };
/** What is there before nodes alone are brought along. */
const there: SiteFile = {
  luna: 2,
  networks: { cluster: { network: '10.30.0.0/16' }, ipmi: { network: '10.31.0.0/24' } },
  osimages: { compute: { path: '/opt/luna/os/compute' } },
  switches: { sw1: { network: 'ipmi', ip: '10.31.0.254' } },
  groups: {
    compute: { osimage: 'compute', domain: 'cluster', interfaces: { BOOTIF: { network: 'cluster' }, BMC: { network: 'ipmi' } } },
    login: { osimage: 'compute', interfaces: { BOOTIF: { network: 'cluster' } } },
  },
};
const nodesOn = (file: SiteFile): SiteFile['nodes'] => applied(file, applied(there).site).file.nodes;

test('brings xCAT along: networks, trees, groups by their nodes, BMCs, switches, PDUs', () => {
  const imported = importXcat([{ name: 'site.stanza', text: fixture('xcat.stanza') }], { site: nothing });
  const { file } = applied(imported.file);

  assert.deepEqual(file.networks, {
    '10_40_0_0-255_255_0_0': { network: '10.40.0.0/16', dns: ['10.40.0.254'], search: ['example.org'], dhcp_start: '10.40.128.1', dhcp_end: '10.40.140.255' },
    bmcnet: { network: '10.41.0.0/24' },
    ibnet: { network: '10.42.0.0/24' },
  });
  assert.deepEqual(file.osimages, { 'rocky9-netboot-compute': { path: '/install/netboot/rocky9/x86_64/compute/rootimg', kernopts: 'console=ttyS0' } });
  assert.deepEqual(file.bmcsetups, { bmc: { user: 'root', password: 'calvin' } });
  assert.deepEqual(file.switches, { sw1: { network: 'bmcnet', ip: '10.41.0.250', read: 'readme' } });
  assert.deepEqual(file.otherdevs, { pdu1: { addresses: { bmcnet: '10.41.0.251' } } });
  assert.deepEqual(file.groups, {
    compute: {
      osimage: 'rocky9-netboot-compute', bmcsetup: 'bmc', domain: '10_40_0_0-255_255_0_0',
      interfaces: { BOOTIF: { network: '10_40_0_0-255_255_0_0' }, ib0: { network: 'ibnet' }, BMC: { network: 'bmcnet' } },
    },
  });
  assert.deepEqual(file.nodes, {
    cn001: {
      group: 'compute', switch: 'sw1', port: '1', comment: 'xCAT groups: rack1',
      addresses: { BOOTIF: '10.40.0.1', ib0: '10.42.0.1', BMC: '10.41.0.1' }, mac: ['52:54:00:bb:00:01', '52:54:00:bb:01:01'],
    },
    // Its group has ib0, so it gets an address there as well.
    cn002: { group: 'compute', addresses: { BOOTIF: '10.40.0.2', ib0: '10.42.0.2', BMC: '10.41.0.2' }, mac: '52:54:00:bb:00:02' },
  });
  assert.deepEqual(report(imported), [
    "network 10_40_0_0-255_255_0_0: gateway, nameservers: '<xcatmaster>' is no address: luna's own is the default",
    'osimage rocky9-netboot-compute: otherpkgdir: luna has no such field',
    'osimage install-rocky9: it has no tree (rootimgdir): install images are installed package by package, which luna does not do',
    'switch sw1: snmpversion: 3: only communities are carried',
    'node cn001: groups: a node is in one group, compute; rack1 kept in the comment',
    'node cn001: vmhost: luna has no such field',
    'node cn002: provmethod: image install-rocky9 was not carried',
    'node cn002: switch: there is no switch sw9',
    'site clustersite: master: luna knows this by itself or in luna cluster change',
  ]);
});

test('reads the tables of xCAT as well as its stanzas', () => {
  const tables = [
    { name: '/tmp/nodelist.csv', text: '#node,groups,status,comments,disable\n"cn001","compute,all","booted","first",\n"cn002","compute,all",,,\n' },
    { name: 'mac.csv', text: '#node,interface,mac,comments,disable\n"cn001",,"52:54:00:bb:00:01",,\n' },
    { name: 'hosts.csv', text: '#node,ip,hostnames,otherinterfaces,comments,disable\n"cn001","10.40.0.1",,,,\n"compute","|cn(\\d+)|10.40.0.($1+0)|",,,,\n' },
    { name: 'networks.csv', text: '#netname,net,mask,mgtifname,gateway,dhcpserver\n"boot","10.40.0.0","255.255.0.0","eth0","10.40.0.254",\n' },
    { name: 'policy.csv', text: '#priority,name\n"1","root"\n' },
  ];

  const imported = importXcat(tables, { site: there, osimage: 'compute' });

  assert.deepEqual(imported.file.networks, { boot: { network: '10.40.0.0/16', gateway: '10.40.0.254' } });
  assert.deepEqual(Object.keys(imported.file.nodes ?? {}), ['cn001', 'cn002', 'compute']);
  assert.equal(report(imported).includes('xCAT compute: ip: the table has a rule (|cn(\\d+)|10.40.0.($1+0)|), which only xCAT can work out: use lsdef -z'), true);
  assert.equal(report(imported).includes('xCAT policy: luna has nothing for this table'), true);
});

test('brings Warewulf along: profiles as groups, devices as interfaces, images by their trees', () => {
  const imported = importWarewulf(parse(fixture('nodes.conf')), { site: nothing });
  const { file } = applied(imported.file);

  assert.deepEqual(file.networks, {
    cluster: { network: '10.20.0.0/16', gateway: '10.20.0.254', mtu: 9000 }, ib: { network: '10.22.0.0/24' }, ipmi: { network: '10.21.0.0/24' },
  });
  assert.deepEqual(file.osimages, { 'rocky-9': { path: '/var/lib/warewulf/chroots/rocky-9/rootfs', kernver: '5.14.0-427.el9.x86_64', kernopts: 'quiet crashkernel=no' } });
  assert.deepEqual(file.bmcsetups, { bmc: { user: 'admin', password: 'hunter2' } });
  assert.deepEqual(file.groups, {
    default: { osimage: 'rocky-9', bmcsetup: 'bmc', domain: 'cluster', interfaces: { BOOTIF: { network: 'cluster' }, BMC: { network: 'ipmi' } } },
    gpu: { osimage: 'rocky-9', bmcsetup: 'bmc', domain: 'cluster', interfaces: { BOOTIF: { network: 'cluster' }, ib0: { network: 'ib' } } },
  });
  assert.deepEqual(file.nodes, {
    n1: { group: 'default', comment: 'every machine', addresses: { BOOTIF: '10.20.0.1', BMC: '10.21.0.1' }, mac: '52:54:00:aa:00:01' },
    n2: { group: 'gpu', comment: 'every machine', addresses: { BOOTIF: '10.20.0.2', ib0: '10.22.0.2' }, mac: '52:54:00:aa:00:02' },
  });
  assert.deepEqual(report(imported), [
    "group default,gpu: runtime overlay: overlays are Warewulf's: put what they hold into the image or the group's postscript",
    'node n2: tags: luna has no such field',
  ]);
});

test('brings nodes along from a table', () => {
  const imported = importCsv('name;group;mac;ip;bmcip;switch;port;setupbmc;rack\nnode001;compute;52-54-00-00-00-01;10.30.0.1;10.31.0.1;sw1;1;no;R7\n"node002";;nonsense;10.30.0.2;;;;;\n', { site: there, group: 'login' });

  assert.deepEqual(nodesOn(imported.file), {
    node001: { group: 'compute', switch: 'sw1', port: '1', setupbmc: false, comment: 'rack=R7', addresses: { BOOTIF: '10.30.0.1', BMC: '10.31.0.1' }, mac: '52:54:00:00:00:01' },
    node002: { group: 'login', addresses: { BOOTIF: '10.30.0.2' } },
  });
  assert.deepEqual(report(imported), ['node node001: rack: luna has no such field: kept in the comment', "node node002: mac: 'nonsense' is no MAC address"]);
});

test('asks for a group where a table says none', () => {
  assert.throws(() => importCsv('name\nnode001\n', { site: there }), refused('invalid', /node node001 can't be read: .* give one with --group GROUP/));
  assert.throws(() => importCsv('node001,compute\n', { site: there }), refused('invalid', /'name' must be one/));
});

test('reads quoted cells, doubled quotes and line ends inside', () => {
  assert.deepEqual(readCsv('#a,b\r\n"1, ""x""","2\n3"\n# a remark\n\n'), [['a', 'b'], ['1, "x"', '2\n3']]);
});

test('brings nodes along from genders, groups by their names', () => {
  const imported = importGenders('# all of them\nnode[1-2] compute,rack=1,ntp\nnode2 bmc=10.31.0.2\nlogin1 login,host=%n-mgmt\n', { site: there });

  assert.deepEqual(nodesOn(imported.file), {
    login1: { group: 'login', comment: 'host=login1-mgmt', addresses: { BOOTIF: '10.30.0.1' } },
    'node[1-2]': { group: 'compute', comment: 'ntp; rack=1', addresses: { BOOTIF: '10.30.0.[2-3]', BMC: '10.31.0.[1-2]' } },
  });
});

test('brings nodes along from /etc/hosts, each address to the interface in its network', () => {
  const imported = importHosts('127.0.0.1 localhost\n10.30.0.7 node007.cluster node007\n10.31.0.7 node007-bmc\n192.168.0.1 router\n', { site: there, group: 'compute' });

  assert.deepEqual(nodesOn(imported.file), { node007: { group: 'compute', addresses: { BOOTIF: '10.30.0.7', BMC: '10.31.0.7' } } });
  assert.deepEqual(report(imported), ['host router: 192.168.0.1 lies in no network of group compute']);
});
