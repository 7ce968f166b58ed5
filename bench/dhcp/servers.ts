import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuSeconds } from '../support/cpu.ts';
import { controllerAddress } from '../support/own-network.ts';
import type { Machine } from '../support/site.ts';
import { layWire, serverDevice, type Wire } from './wire.ts';

/** A DHCP server under test, with its clients' end of the cable. */
export interface Contender {
  readonly name: string;
  readonly wire: Wire;
  /** CPU seconds used so far by all its processes. */
  cpu(): number;
  stop(): Promise<void>;
}

/** The dynamic range that all contenders have; luna's nodes lie below it. */
export const range = { first: '10.30.64.0', last: '10.30.127.255' };
const bootFile = 'snponly.efi';
/** What luna tells a PXE ROM as well: its class, no discovery of boot servers, and server and file as options. */
const pxeOptions = [
  { name: 'vendor-class-identifier', data: 'PXEClient', 'always-send': true },
  { code: 43, 'csv-format': false, data: '060108FF', 'always-send': true },
  { name: 'tftp-server-name', data: controllerAddress, 'always-send': true },
  { name: 'boot-file-name', data: bootFile, 'always-send': true },
];

/** Kea with its leases in memory and appended to a file, as Debian configures it. It waits for no disk; luna's ACKs do. */
export async function startKea(folder: string, machines: readonly Machine[]): Promise<Contender> {
  const wire = await layWire(false);
  const here = join(folder, 'kea');
  mkdirSync(here);
  const config = {
    Dhcp4: {
      'interfaces-config': { interfaces: [serverDevice], 'dhcp-socket-type': 'udp' },
      'lease-database': { type: 'memfile', persist: true, name: join(here, 'leases') },
      'valid-lifetime': 3600,
      'client-classes': [{ name: 'uefi', test: "substring(option[60].hex,0,20) == 'PXEClient:Arch:00007'", 'boot-file-name': bootFile, 'next-server': controllerAddress, 'option-data': pxeOptions }],
      'host-reservation-identifiers': ['hw-address'],
      subnet4: [{
        subnet: '10.30.0.0/16', pools: [{ pool: `${range.first} - ${range.last}` }],
        'option-data': [{ name: 'domain-name', data: 'cluster' }],
        reservations: machines.map(({ mac, ip, name }) => ({ 'hw-address': mac, 'ip-address': ip, hostname: name })),
      }],
      loggers: [{ name: 'kea-dhcp4', severity: 'WARN', output_options: [{ output: join(here, 'log') }] }],
    },
  };
  writeFileSync(join(here, 'kea.json'), JSON.stringify(config));
  return contender('Kea', wire, ['kea-dhcp4', '-c', join(here, 'kea.json')], { KEA_PIDFILE_DIR: here, KEA_LOCKFILE_DIR: here });
}

/** dnsmasq with a lease file, which asks no address by ping before it offers it. */
export async function startDnsmasq(folder: string, machines: readonly Machine[]): Promise<Contender> {
  const wire = await layWire(false);
  const here = join(folder, 'dnsmasq');
  mkdirSync(here);
  writeFileSync(join(here, 'hosts'), machines.map(({ mac, ip, name }) => `${mac},${ip},${name}\n`).join(''));
  return contender('dnsmasq', wire, [
    'dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--user=root', '--no-ping', '--quiet-dhcp', '--domain=cluster',
    `--pid-file=${join(here, 'pid')}`, `--interface=${serverDevice}`, '--bind-interfaces', `--dhcp-range=${range.first},${range.last},255.255.0.0,1h`,
    '--dhcp-lease-max=50000', `--dhcp-leasefile=${join(here, 'leases')}`, `--dhcp-hostsfile=${join(here, 'hosts')}`, `--dhcp-boot=${bootFile}`, '--log-facility=/dev/null',
  ], {});
}

function contender(name: string, wire: Wire, command: readonly string[], env: Record<string, string>): Contender {
  const [program = '', ...args] = [...wire.server, ...command];
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
  const ended = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
  return {
    name,
    wire,
    // nsenter becomes the program it runs.
    cpu: () => cpuSeconds(child.pid ?? 0),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      wire.remove();
    },
  };
}
