import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { NetworkSetup } from '../../domain/network-setup.ts';
import { bootif, planned, setupOf } from '../support/network-plan.ts';

const dir = mkdtempSync(join(tmpdir(), 'network-files-'));
after(() => { rmSync(dir, { recursive: true }); });
let made = 0;

/** Puts the files of a setup below a folder of their own and gives it. */
function rootWith({ files }: NetworkSetup): string {
  const root = join(dir, `root${made++}`);
  for (const { path, mode, text } of files) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text, { mode: parseInt(mode, 8) });
  }
  return root;
}

const needs = (...programs: string[]): string | false => {
  const missing = programs.filter((path) => !existsSync(path));
  return missing.length === 0 ? false : `needs ${missing.join(', ')}`;
};
const asRoot = process.getuid?.() === 0 ? false : 'needs root for namespaces';

describe('files for netplan', { skip: needs('/usr/sbin/netplan') }, () => {
  const generate = (root: string): void => {
    const { status, stderr } = spawnSync('netplan', ['generate', '--root-dir', root], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
  };

  it('are taken by its generator, which makes of them what is declared', () => {
    const root = rootWith(setupOf('netplan'));
    generate(root);
    const network = (id: string) => readFileSync(join(root, `run/systemd/network/10-netplan-${id}.network`), 'utf8');

    for (const line of ['Address=10.30.0.1/16', 'Address=fd00:30::1/64', 'DNS=10.30.255.253', 'DNS=fd00:30::53', 'Domains=cluster example.org', 'Gateway=10.30.255.254', 'VLAN=storage', 'Destination=fd00:40::/64', 'Metric=100']) {
      assert.ok(network('enp1s0').includes(`${line}\n`), `${line} is missing in\n${network('enp1s0')}`);
    }
    assert.match(network('eth1'), /^Bond=bond0$/m);
    assert.match(network('eth3'), /^DHCP=yes$/m);
    assert.match(network('vlan200'), /^Address=fd00:32::1\/64$/m);
    assert.match(readFileSync(join(root, 'run/systemd/network/10-netplan-bond0.netdev'), 'utf8'), /Mode=802\.3ad/);
  });

  it('are taken for NetworkManager as well', () => {
    const root = rootWith(setupOf('netplan'));
    writeFileSync(join(root, 'etc/netplan/01-all.yaml'), 'network:\n  version: 2\n  renderer: NetworkManager\n', { mode: 0o600 });
    generate(root);

    assert.match(readFileSync(join(root, 'run/NetworkManager/system-connections/netplan-enp1s0.nmconnection'), 'utf8'), /address1=10\.30\.0\.1\/16/);
  });
});

describe('key files for NetworkManager', { skip: needs('/usr/bin/nmcli') }, () => {
  for (const { path, text } of setupOf('keyfile').files) {
    it(`${path.slice(path.lastIndexOf('/') + 1)} is understood by nmcli to the last line`, () => {
      const { status, stdout, stderr } = spawnSync('nmcli', ['--offline', 'connection', 'modify', 'connection.autoconnect', 'yes'], { input: text, encoding: 'utf8' });
      const lines = (file: string) => file.split('\n').filter((line) => /^\w.*=/.test(line) && !/^(uuid|addr-gen-mode|flags|multicast-snooping|autoconnect)=/.test(line));

      assert.equal(status, 0, stderr);
      assert.equal(stderr, '');
      assert.deepEqual(lines(text).filter((line) => !lines(stdout).includes(line) && !/^(slave-type|master)=/.test(line)), []);
    });
  }
});

describe('interfaces for ifupdown', { skip: asRoot || needs('/usr/sbin/ifup') }, () => {
  it('are taken, and lead to the commands that set up what is declared', () => {
    const root = rootWith(setupOf('ifupdown'));
    const { status, stderr } = spawnSync('ifup', ['--no-act', '--all', '--verbose', '--no-scripts', '--state-dir', dir, '--interfaces', join(root, 'etc/network/interfaces.d/luna')], { encoding: 'utf8' });

    assert.equal(status, 0, stderr);
    for (const command of ['ip link add bond0 type bond mode 802.3ad miimon 100', 'ip link set eth2 master bond0', 'name storage type vlan id 100', 'ip route replace 10.40.0.0/16 via 10.30.0.7 dev $IFACE metric 100', 'ip link set enp1s0 mtu 1400']) {
      assert.ok(stderr.includes(command), `${command} is missing in\n${stderr}`);
    }
  });
});

/**
 * A machine's networks in a namespace: cards enp1s0 with the MAC of BOOTIF and eth5. `code` sets them up with $1 as its
 * root; when `ready` holds, or after five seconds, the answer is what came of it.
 */
function carriedOut(code: string, root: string, ready: string): string {
  const script = `
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd /run/network
echo lxc > /run/systemd/container
mount -t sysfs -o ro sysfs /sys
ip link set lo up
ip link add enp1s0 address 52:54:00:00:00:01 type veth peer name other0
ip link add eth5 address 52:54:00:00:00:05 type veth peer name other1
for card in other0 other1; do ip link set $card up; done
${code}
for tries in $(seq 25); do
  if ${ready}; then break; fi
  sleep 0.2
done
ip -o addr show dev enp1s0; ip -o addr show dev eth5; ip route; ip -6 route; ip -o link show enp1s0`;
  return execFileSync('unshare', ['--mount', '--propagation', 'private', '--net', 'sh', '-c', script, 'machine', root], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

const NETWORKD = 'mount --bind "$1/etc/systemd/network" /etc/systemd/network\n/usr/lib/systemd/systemd-networkd > "$1/log" 2>&1 &\ntrap "kill $!" EXIT';

describe('cards set up by the files', { skip: asRoot }, () => {
  const cards = [bootif, planned('eth5', { ip: '10.35.0.1', prefix: 24 })];
  const SETTLED = 'ip -6 route show default | grep -q fd00:30::ffff && ip addr show dev eth5 | grep -q 10.35.0.1 && ! ip -6 addr show tentative | grep -q inet6';
  const facts = [
    /enp1s0\s+inet 10\.30\.0\.1\/16/, /enp1s0\s+inet6 fd00:30::1\/64/, /eth5\s+inet 10\.35\.0\.1\/24/, /^default via 10\.30\.255\.254 dev enp1s0/m, /^default via fd00:30::ffff dev enp1s0/m,
    /^10\.40\.0\.0\/16 via 10\.30\.0\.7 dev enp1s0.* metric 100/m, /^fd00:40::\/64 via fd00:30::7 dev enp1s0/m, /enp1s0.* mtu 1400/,
  ];

  it('are as declared where systemd-networkd reads them', { skip: needs('/usr/lib/systemd/systemd-networkd') }, () => {
    const root = rootWith(setupOf('networkd', cards));
    const seen = carriedOut(NETWORKD, root, SETTLED);

    for (const fact of facts) assert.match(seen, fact, readFileSync(join(root, 'log'), 'utf8'));
  });

  it('are as declared where ifup reads them', { skip: needs('/usr/sbin/ifup') }, () => {
    const root = rootWith(setupOf('ifupdown', cards));
    const seen = carriedOut('ifup --all --no-scripts --interfaces "$1/etc/network/interfaces.d/luna" > "$1/log" 2>&1', root, SETTLED);

    for (const fact of facts) assert.match(seen, fact, readFileSync(join(root, 'log'), 'utf8'));
  });

  it('have systemd-networkd complain about no line, whatever is declared', { skip: needs('/usr/lib/systemd/systemd-networkd') }, () => {
    const root = rootWith(setupOf('networkd'));
    carriedOut(NETWORKD, root, 'grep -q "Enumeration completed" "$1/log"');
    const log = readFileSync(join(root, 'log'), 'utf8');

    assert.match(log, /Enumeration completed/);
    assert.doesNotMatch(log, /10-luna-\S+:\d+:|ignoring|Failed to parse/i);
  });
});
