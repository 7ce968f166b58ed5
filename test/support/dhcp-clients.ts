import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanHost } from './lan.ts';

// Foreign DHCP clients as they are run on a machine of a Lan. Each keeps its files in a folder of its own and leaves the
// card as it found it, but for what is said.

/** busybox's client, as a PXE ROM if its vendor class says so; the address it got. */
export async function udhcpc(host: LanHost, ...args: string[]): Promise<string | undefined> {
  const output = await host.run('udhcpc', '-i', 'eth0', '-n', '-q', '-f', '-t', '5', '-T', '2', '-s', '/bin/true', ...args);
  return /lease of (\S+) obtained/.exec(output)?.[1];
}

/** What udhcpc hands to its script: options by name, such as `staticroutes`. */
export async function udhcpcSettings(host: LanHost, ...args: string[]): Promise<Record<string, string>> {
  const script = file('print', '#!/bin/sh\n[ "$1" = bound ] && env\nexit 0\n', 0o755);
  const output = await host.run('udhcpc', '-i', 'eth0', '-n', '-q', '-f', '-t', '5', '-T', '2', '-s', script, ...args);
  return Object.fromEntries(output.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line)).filter((found) => found !== null).map(([, name = '', value = '']) => [name, value]));
}

/** ISC's client, in the foreground until it has an address; all it said. */
export async function dhclient(host: LanHost, ...args: string[]): Promise<string> {
  const files = join(folder(), host.namespace);
  const output = await host.run(
    'dhclient', '-4', '-1', '-v', '-sf', file('nothing', '#!/bin/sh\nexit 0\n', 0o755), '-lf', `${files}.leases`, '-pf', `${files}.pid`, ...args, 'eth0',
  );
  await host.run('sh', '-c', `kill $(cat ${files}.pid)`);
  return output;
}

/** Roy Marples' client; all it said. Its database and its sockets are in memory of its own. */
export function dhcpcd(host: LanHost, ...args: string[]): Promise<string> {
  const config = file('dhcpcd.conf', 'duid\noption domain_name_servers, domain_name, classless_static_routes, interface_mtu\nnoipv4ll\nnoarp\nnohook resolv.conf, hostname\n');
  return inPrivate(host, ['/run', '/var/lib/dhcpcd'], `dhcpcd -4 -1 -B -d -t 15 -f ${config} -c /bin/true ${args.join(' ')} eth0`);
}

/** systemd's own client; the lease as it keeps it: `ADDRESS`, `ROUTER`, `SERVER_ADDRESS` and so on. */
export async function networkd(host: LanHost, ...lines: string[]): Promise<Record<string, string>> {
  const network = file('luna.network', `[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n[DHCPv4]\n${lines.join('\n')}\n`, 0o644);
  // With a writable /sys it would wait for udev to announce the card.
  const output = await inPrivate(host, ['/run', '/etc/systemd/network'], [
    'mount -o remount,ro,bind /sys', 'mkdir -p /run/systemd/netif/leases /run/systemd/netif/links', 'chown -R systemd-network /run/systemd/netif', `cp ${network} /etc/systemd/network/`,
    '/lib/systemd/systemd-networkd & pid=$!',
    'for try in $(seq 150); do cat /run/systemd/netif/leases/* 2>/dev/null && break; sleep 0.1; done',
    'kill $pid; wait $pid; ip addr flush dev eth0',
  ].join('\n'));
  return Object.fromEntries(output.split('\n').map((line) => /^([A-Z0-9_]+)=(.*)$/.exec(line)).filter((found) => found !== null).map(([, name = '', value = '']) => [name, value]));
}

/** nmap's script that asks for offers and takes none; all it said. */
export function nmapDiscover(host: LanHost, mac: string): Promise<string> {
  // It sends from a card that has an address only, though not from that address.
  return host.run('sh', '-c', [
    'ip addr add 192.0.2.2/24 dev eth0',
    `nmap --script broadcast-dhcp-discover --script-args broadcast-dhcp-discover.timeout=3,broadcast-dhcp-discover.mac=${mac} -e eth0`,
    'ip addr del 192.0.2.2/24 dev eth0',
  ].join('\n'));
}

/** perfdhcp as a relay that speaks for `count` UEFI ROMs, 30 exchanges a second; what it counted, by name, of OFFERs and of ACKs. */
export async function perfdhcp(host: LanHost, address: string, count: number): Promise<Record<string, number>[]> {
  const output = await host.run('sh', '-c', [
    `ip addr add ${address}/24 dev eth0`,
    `perfdhcp -4 -u -l eth0 -r 30 -R ${count} -n ${count} -d 10 -W 5000000 -o 60,${Buffer.from('PXEClient:Arch:00007').toString('hex')} -o 93,0007 10.77.0.1`,
    `ip addr del ${address}/24 dev eth0`,
  ].join('\n'));
  return output.split('***Statistics for: ').slice(1).map((part) =>
    Object.fromEntries([...part.matchAll(/^([a-z ]+): (\d+)$/gm)].map(([, name = '', value]) => [name, Number(value)])));
}

/** Runs a shell script with empty file systems in memory over some folders. */
function inPrivate(host: LanHost, folders: readonly string[], script: string): Promise<string> {
  const mounts = folders.map((one) => `mkdir -p ${one}; mount -t tmpfs tmpfs ${one}`).join('\n');
  return host.run('unshare', '--mount', 'sh', '-c', `${mounts}\n${script}`);
}

let made: string | undefined;

/** The clients' files; gone at the next boot like all of the temporary folder. */
function folder(): string {
  made ??= mkdtempSync(join(tmpdir(), 'luna-dhcp-clients-'));
  return made;
}

function file(name: string, text: string, mode = 0o644): string {
  const path = join(folder(), name);
  writeFileSync(path, text, { mode });
  return path;
}
