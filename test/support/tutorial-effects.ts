import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BmcsetupView, ClusterView, GroupView, NetworkView, NodeView, OsimageView, SwitchView } from '../../domain/views.ts';
import type { Ended, TutorialHost } from './tutorial-host.ts';
import { tutorialPartscript } from './tutorial-lines.ts';

/** What a line of the tutorial is to do (luna-1 §6), how that is seen, and where it differs on purpose: what, and why. */
export interface Effect {
  expects: string;
  differs?: string;
  stdin?: string;
  check(host: TutorialHost, answer: Ended): Promise<void>;
}

const group = (host: TutorialHost): Promise<GroupView> => host.get('/groups/compute');
const node = (host: TutorialHost): Promise<NodeView> => host.get('/nodes/node001');
const bootInterface = async (host: TutorialHost) => (await group(host)).interfaces.find(({ name }) => name === 'BOOTIF');
const script = async (host: TutorialHost, kind: string): Promise<string> => (await host.run(`luna node show node001 --script ${kind}`)).stdout;
const fetched = async (host: TutorialHost, path: string): Promise<Ended> => host.run(`curl -s -w '%{http_code}' 'http://10.30.255.254:7050${path}'`);
const checker = async (host: TutorialHost, line: string): Promise<void> => {
  const { code, stdout, stderr } = await host.run(`PATH=$PATH:/usr/sbin ${line}`);
  assert.equal(code, 0, `${line}: ${stdout}${stderr}`);
};

async function defaults(host: TutorialHost, frontend: string | null): Promise<void> {
  const { nodeprefix, nodedigits, user, path, frontend_address, frontend_port, tracker_interval, tracker_min_interval, tracker_maxpeers } = await host.get<ClusterView>('/cluster');
  assert.deepEqual([nodeprefix, nodedigits, user, path, frontend_address], ['node', 3, 'luna', '/opt/luna', frontend]);
  assert.deepEqual([frontend_port, tracker_interval, tracker_min_interval, tracker_maxpeers], [7050, 10, 5, 200]);
}

async function network(host: TutorialHost, name: string, base: string): Promise<void> {
  const { network: address, prefix, ns_ip } = await host.get<NetworkView>(`/networks/${name}`);
  assert.deepEqual([address, prefix, ns_ip], [`${base}.0.0`, 16, `${base}.255.254`]);
}

const NO_USER = 'no system user is needed: user, group and path are kept and not checked';
const BY_CONTENT = 'the files lie below LUNA_DATA and are named by their content, the tree is .tar.zst: a version is never overwritten while nodes install';
const RUNS_ALREADY = 'luna up has started it: the line says that it runs already';

/** Each effect by a word of its own. */
export const EFFECTS = {
  link: {
    expects: 'the command is in PATH',
    async check(host) { assert.equal((await host.run('for name in *; do test -x "$name" && command -v "$name" || exit 1; done')).code, 0); },
  },
  init: { expects: 'the cluster object with the defaults of §2.2; user, group and path are checked', differs: NO_USER, check: (host) => defaults(host, null) },
  initWithFrontend: { expects: 'the cluster object with the defaults of §2.2 and its frontend address; user, group and path are checked', differs: NO_USER, check: (host) => defaults(host, '10.30.255.254') },
  frontend: { expects: 'the frontend address is set', check: (host) => defaults(host, '10.30.255.254') },
  osimage: {
    expects: 'the image with the first installed kernel, default modules',
    differs: 'the kernel stays open: the newest one of the tree when it is packed, not the first the package database names',
    async check(host) {
      const { path, kernver, kernmodules, dracutmodules } = await host.get<OsimageView>('/osimages/compute');
      assert.deepEqual([path, kernver, kernmodules, dracutmodules], ['/opt/luna/os/compute', null, 'ipmi_devintf,ipmi_si,ipmi_msghandler', 'luna']);
    },
  },
  pack: {
    expects: 'tarball, torrent, kernel and initramfs; ltorrent is told',
    differs: BY_CONTENT,
    async check(host) {
      const { packed, current } = await host.get<OsimageView>('/osimages/compute');
      assert.ok(packed !== null && current !== null);
      const { stdout } = await host.run('ls "$LUNA_DATA/torrents" "$LUNA_DATA/boot"');
      for (const file of [/^[0-9a-f]{64}\.tar\.zst$/m, /^[0-9a-f]{64}\.torrent$/m, /vmlinuz/m, /initr/m]) assert.match(stdout, file);
    },
  },
  bmcsetup: {
    expects: 'ladmin/ladmin, user id 3, channels 1 and 1',
    async check(host) {
      const { user, userid, netchannel, mgmtchannel } = await host.get<BmcsetupView>('/bmcsetups/base');
      assert.deepEqual([user, userid, netchannel, mgmtchannel], ['ladmin', 3, 1, 1]);
    },
  },
  cluster: { expects: 'free 1 to 65533, name server 10.30.255.254', check: (host) => network(host, 'cluster', '10.30') },
  ipmi: { expects: 'free 1 to 65533, name server 10.31.255.254', check: (host) => network(host, 'ipmi', '10.31') },
  switch: {
    expects: 'its address is reserved in ipmi; it is polled every 30 s with community public',
    differs: 'it is asked when a machine is to be found, not all the time',
    async check(host) {
      const { network: name, ip, oid } = await host.get<SwitchView>('/switches/switch01');
      assert.deepEqual([name, ip, oid], ['ipmi', '10.31.253.21', '.1.3.6.1.2.1.17.7.1.2.2.1.2']);
      assert.match((await host.run('luna network show ipmi --reservedips')).stdout, /^10\.31\.253\.21:switch01$/m);
    },
  },
  group: {
    expects: 'a group with one NIC without a network; partscript a ramfs',
    differs: 'the partscript is that of 1.2, a tmpfs: it can be told how much memory it may take',
    async check(host) {
      const { osimage, interfaces, partscript } = await group(host);
      assert.deepEqual([osimage, interfaces.map((one) => [one.name, one.network]), partscript], ['compute', [['enp7s0', null]], 'mount -t tmpfs tmpfs /sysroot']);
    },
  },
  groupWithNetwork: {
    expects: 'a group with the interface BOOTIF on network cluster, which is its domain',
    async check(host) {
      const { osimage, interfaces, domain } = await group(host);
      assert.deepEqual([osimage, interfaces.map((one) => [one.name, one.network]), domain], ['compute', [['BOOTIF', 'cluster']], 'cluster']);
    },
  },
  groupBmcsetup: { expects: 'the BMC setting is attached', async check(host) { assert.equal((await group(host)).bmcsetup, 'base'); } },
  bootIf: {
    expects: 'the NIC to boot from: its address in the kernel arguments, its network the domain',
    differs: 'it becomes BOOTIF, the NIC found by its MAC, and is still understood by its old name: a name differs between firmware, initramfs and system',
    async check(host) { assert.equal((await bootInterface(host))?.alias, 'enp7s0'); },
  },
  setnet: {
    expects: 'the network is attached; it is the domain',
    async check(host) { assert.deepEqual([(await bootInterface(host))?.network, (await group(host)).domain], ['cluster', 'cluster']); },
  },
  params: { expects: 'extra configuration lines from stdin', async check(host) { assert.equal((await bootInterface(host))?.params, 'DEVICE=enp0s3\nONBOOT=yes'); } },
  bmcInterface: { expects: 'the interface BMC', async check(host) { assert.ok((await group(host)).interfaces.some(({ name }) => name === 'BMC')); } },
  bmcNetwork: { expects: 'BMCs get addresses in ipmi', async check(host) { assert.equal((await group(host)).interfaces.find(({ name }) => name === 'BMC')?.network, 'ipmi'); } },
  partscript: {
    expects: 'the partition script from stdin',
    stdin: tutorialPartscript(),
    async check(host) { assert.equal((await group(host)).partscript, tutorialPartscript().trimEnd()); },
  },
  postscript: {
    expects: 'the postscript from stdin',
    async check(host) { assert.match((await group(host)).postscript, /^mount -o bind \/proc \/sysroot\/proc\n[^]*grub2-install \/dev\/sda"\numount \/sysroot\/dev\numount \/sysroot\/proc$/); },
  },
  nodeAdd: {
    expects: 'node001 with 10.30.0.1 and 10.31.0.1; setupbmc on, service and localboot off',
    async check(host, { stdout }) {
      assert.equal(stdout, 'node001\n');
      const { interfaces, setupbmc, service, localboot } = await node(host);
      assert.deepEqual(interfaces.map(({ name, ip }) => [name, ip]).sort(), [['BMC', '10.31.0.1'], ['BOOTIF', '10.30.0.1']]);
      assert.deepEqual([setupbmc, service, localboot], [true, false, false]);
    },
  },
  nodeSwitch: { expects: 'the node stands on switch01', async check(host) { assert.equal((await node(host)).switch, 'switch01'); } },
  nodePort: { expects: 'the node stands on port 1 of switch01', async check(host) { assert.deepEqual([(await node(host)).switch, (await node(host)).port], ['switch01', '1']); } },
  ltorrent: {
    expects: 'the seeder runs and offers what is packed',
    differs: RUNS_ALREADY,
    async check(host, { stdout }) {
      assert.match(stdout, /^seeder +ready/);
      assert.match(readFileSync(join(host.data, 'log/seeder.log'), 'utf8'), /"seeder\.seeding"/);
    },
  },
  lweb: {
    expects: 'menu, kernel and install script are served on port 7050',
    differs: `${RUNS_ALREADY}; the install script needs the one-time identity of an asked installation, luna node show node001 --script install shows it`,
    async check(host, { stdout }) {
      assert.match(stdout, /^boot +ready/);
      assert.match((await fetched(host, '/luna?step=boot')).stdout, /^#!ipxe\n[^]*\bnode001\b[^]*200$/);
      const kernel = (await host.run('ls "$LUNA_DATA/boot" | grep vmlinuz')).stdout.trim();
      assert.match((await host.run(`curl -s -o /dev/null -w '%{http_code} %{size_download}' http://10.30.255.254:7050/boot/${kernel}`)).stdout, /^200 [1-9]\d{6,}$/);
      assert.match((await fetched(host, '/luna?step=install&node=node001')).stdout, /403$/);
      assert.match(await script(host, 'install'), /mkfs\.ext4 \/dev\/sda2[^]*grub2-mkconfig/);
    },
  },
  makedns: {
    expects: 'zones of cluster and ipmi, reverse zones, the include file; node001.cluster and node001.ipmi resolve',
    async check(host, { code }) {
      assert.equal(code, 0);
      const zones = { 'cluster': 'cluster', 'ipmi': 'ipmi', '30.10.in-addr.arpa': '30.10.in-addr.arpa', '31.10.in-addr.arpa': '31.10.in-addr.arpa' };
      for (const zone of Object.keys(zones)) assert.equal((await host.run(`cat /var/named/${zone}.luna.zone`)).code, 0, zone);
      if (!existsSync('/usr/bin/named-checkconf')) return;
      await checker(host, 'named-checkconf -z /etc/named.conf');
      for (const [zone, record] of [['cluster', 'node001.cluster.*10.30.0.1$'], ['ipmi', 'node001.ipmi.*10.31.0.1$']] as const) {
        await checker(host, `named-checkzone -q -D -o - ${zone} /var/named/${zone}.luna.zone | grep -q '^${record}'`);
      }
    },
  },
  localboot: { expects: 'at its next network boot it boots its own disk, 0x80', async check(host) { assert.match(await script(host, 'boot'), /sanboot --no-describe --drive 0x80/); } },
  service: {
    expects: 'at its next network boot a shell with sshd, disks untouched',
    async check(host) {
      assert.equal((await node(host)).service, true);
      // In both versions localboot, which stands from the line before, comes first.
      await host.patch('/nodes/node001', { localboot: false });
      assert.match(await script(host, 'boot'), /luna\.service=1/);
      await host.patch('/nodes/node001', { localboot: true });
    },
  },
  setupbmc: { expects: 'its BMC is left alone while it installs', async check(host) { assert.match(await script(host, 'install'), /^LUNA_BMC='?0'?$/m); } },
} satisfies Record<string, Effect>;

/** The word of an effect. */
export type EffectName = keyof typeof EFFECTS;

/** The effects of the lines of the fixtures, in their order. */
export const TUTORIALS: Record<'commands-seed.txt' | 'commands-1.2.txt', readonly EffectName[]> = {
  'commands-seed.txt': [
    'link', 'link', 'link', 'link', 'link', 'init', 'frontend', 'osimage', 'pack', 'bmcsetup', 'cluster', 'ipmi', 'switch', 'group', 'groupBmcsetup', 'bootIf', 'setnet',
    'params', 'bmcNetwork', 'partscript', 'postscript', 'nodeAdd', 'nodeSwitch', 'nodePort', 'ltorrent', 'lweb', 'makedns', 'localboot', 'service', 'setupbmc',
  ],
  'commands-1.2.txt': [
    'link', 'link', 'link', 'link', 'link', 'initWithFrontend', 'osimage', 'pack', 'bmcsetup', 'cluster', 'ipmi', 'switch', 'groupWithNetwork', 'groupBmcsetup',
    'params', 'bmcInterface', 'bmcNetwork', 'partscript', 'postscript', 'nodeAdd', 'nodePort', 'ltorrent', 'lweb', 'makedns', 'localboot', 'service', 'setupbmc',
  ],
};
