import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BSON } from 'mongodb';

const { DBRef, Long, ObjectId } = BSON;

const id = (n: number): BSON.ObjectId => new ObjectId(String(n).padStart(24, '0'));
const ref = (collection: string, n: number): BSON.DBRef => new DBRef(collection, id(n));
const ipv4 = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const used = { _use_: {}, _usedby_: {} };

const bmcsetup = { _id: id(30), name: 'base', user: 'ladmin', password: 'ladmin', userid: 3, netchannel: 1, mgmtchannel: 1, ...used };
const macs = [{ _id: id(90), mac: '52:54:00:CC:00:01', node: ref('node', 60) }];

/** A site as schema 1.2 stored it (luna-1 §2): interfaces by UUID, networks per address family, addresses relative. */
export const schema12 = {
  cluster: [{
    _id: id(1), name: 'general', db_version: 1.2, nodeprefix: 'node', nodedigits: 3, user: 'luna', path: '/opt/luna', frontend_address: '10.30.255.254',
    frontend_port: '7050', frontend_https: false, server_port: 7051, tracker_interval: 10, cluster_ips: null, dhcp_net: ref('network', 10),
    dhcp_range_start: 32769, dhcp_range_end: 33278, comment: null, debug: 0, ...used,
  }],
  network: [
    {
      _id: id(10), name: 'cluster', NETWORK: Long.fromNumber(ipv4('10.30.0.0')), PREFIX: 16, version: 4, ns_hostname: 'master', ns_ip: 65534, include: 'www A 10.30.0.80', rev_include: null,
      // 7 was reserved by hand; 1 and 2 are nodes', as is 7 elsewhere.
      freelist: [{ start: 3, end: 6 }, { start: 8, end: 32768 }, { start: 33279, end: 65533 }], comment: 'provisioning', ...used,
    },
    { _id: id(11), name: 'ipmi', NETWORK: ipv4('10.31.0.0'), PREFIX: 24, version: 4, ns_hostname: 'master', ns_ip: 254, freelist: [{ start: 2, end: 6 }, { start: 8, end: 99 }, { start: 102, end: 253 }], ...used },
    { _id: id(12), name: 'v6', NETWORK: (0xfd00_0010n << 96n).toString(), PREFIX: 64, version: 6, freelist: [{ start: 3, end: '18446744073709551614' }], ...used },
  ],
  switch: [{ _id: id(20), name: 'switch01', network: ref('network', 11), ip: 100, read: 'readme', rw: 'private', oid: '.1.3.6.1.2.1.17.7.1.2.2.1.2', ...used }],
  otherdev: [{ _id: id(25), name: 'pdu01', connected: { [id(11).toHexString()]: 101 }, ...used }],
  bmcsetup: [bmcsetup],
  osimage: [{ _id: id(40), name: 'compute', path: '/opt/luna/os/compute', kernver: '3.10.0-862.el7.x86_64', kernopts: 'console=ttyS1', dracutmodules: 'luna,-i18n,-plymouth',
    kernmodules: 'ipmi_devintf,ipmi_si,ipmi_msghandler', kernfile: 'compute-vmlinuz', initrdfile: 'compute-initramfs', tarball: 'aaaa', torrent: 'bbbb', ...used }],
  group: [{
    _id: id(50), name: 'compute', osimage: ref('osimage', 40), bmcsetup: ref('bmcsetup', 30), domain: ref('network', 10), torrent_if: 'uuid-boot', comment: 'all of them',
    prescript: '', partscript: 'mount -t tmpfs tmpfs /sysroot', postscript: null,
    interfaces: {
      'uuid-bmc': { name: 'BMC', network: { 4: ref('network', 11), 6: null }, params: '' },
      'uuid-boot': { name: 'BOOTIF', network: { 4: ref('network', 10), 6: ref('network', 12) }, params: 'MTU=9000' },
    },
    ...used,
  }],
  node: [
    { _id: id(60), name: 'node001', group: ref('group', 50), interfaces: { 'uuid-boot': { 4: 1, 6: '1' }, 'uuid-bmc': { 4: 1, 6: null } }, switch: ref('switch', 20), port: 'Gi2/0/26',
      localboot: false, setupbmc: true, service: false, status: { step: 'install.success' }, ...used },
    { _id: id(61), name: 'node002', group: ref('group', 50), interfaces: { 'uuid-boot': { 4: 2, 6: '2' }, 'uuid-bmc': { 4: 7 } }, switch: null, port: null,
      localboot: true, setupbmc: false, service: false, comment: 'spare', ...used },
    { _id: id(62), name: 'lost', group: ref('group', 99), interfaces: {}, ...used },
  ],
  mac: macs,
};

/** The same as of July 2016: interfaces by name, `boot_if`, `bmcnetwork`. */
export const schemaSeed = {
  cluster: [{ _id: id(1), name: 'general', nodeprefix: 'node', nodedigits: 3, user: 'luna', path: '/opt/luna', frontend_address: '10.30.255.254', frontend_port: 7050, ...used }],
  network: [
    { _id: id(10), name: 'cluster', NETWORK: ipv4('10.30.0.0'), PREFIX: 16, freelist: [{ start: 3, end: 65533 }], ns_hostname: 'master', ns_ip: 65534, ...used },
    { _id: id(11), name: 'ipmi', NETWORK: ipv4('10.31.0.0'), PREFIX: 24, freelist: [{ start: 3, end: 253 }], ...used },
  ],
  bmcsetup: [bmcsetup],
  osimage: schema12.osimage,
  group: [{
    _id: id(50), name: 'compute', osimage: ref('osimage', 40), bmcsetup: ref('bmcsetup', 30), bmcnetwork: ref('network', 11), boot_if: 'enp7s0', torrent_if: 'enp7s0',
    prescript: '', partscript: 'mount -t ramfs ramfs /sysroot', postscript: '',
    interfaces: { enp7s0: { network: ref('network', 10), params: '' }, ib0: { network: null, params: 'CONNECTED_MODE=yes' } }, ...used,
  }],
  node: [{ _id: id(60), name: 'node001', group: ref('group', 50), interfaces: { enp7s0: 1 }, bmcnetwork: 1, switch: null, port: null, localboot: false, setupbmc: true, service: false, ...used }],
  mac: macs,
};

/** Writes a dump as mongodump does, one file a collection; some of them compressed. */
export function writeDump(folder: string, dump: Record<string, object[]>): void {
  mkdirSync(folder, { recursive: true });
  for (const [i, [collection, documents]] of Object.entries(dump).entries()) {
    const bytes = Buffer.concat(documents.map((one) => BSON.serialize(one)));
    if (i % 2 === 0) writeFileSync(join(folder, `${collection}.bson`), bytes);
    else writeFileSync(join(folder, `${collection}.bson.gz`), gzipSync(bytes));
    writeFileSync(join(folder, `${collection}.metadata.json`), '{}');
  }
}

/** The same as `mongodump --archive --gzip` does: blocks of documents headed by their collection, each collection's last one empty. */
export function writeArchive(file: string, dump: Record<string, object[]>): void {
  const end = Buffer.from([0xff, 0xff, 0xff, 0xff]);
  const head = (collection: string, EOF: boolean): Uint8Array => BSON.serialize({ db: 'luna', collection, EOF, CRC: Long.fromNumber(0) });
  const parts: Uint8Array[] = [Buffer.from([0x6d, 0xe2, 0x99, 0x81]), BSON.serialize({ concurrent_collections: 4, version: '0.1' })];
  for (const collection of Object.keys(dump)) parts.push(BSON.serialize({ db: 'luna', collection, metadata: '{}', size: 0 }));
  parts.push(end);
  for (const [collection, documents] of Object.entries(dump)) {
    for (const one of documents) parts.push(head(collection, false), BSON.serialize(one), end);
    parts.push(head(collection, true), end);
  }
  writeFileSync(file, gzipSync(Buffer.concat(parts)));
}
