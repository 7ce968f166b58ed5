/**
 * The packet services as a process of their own, to be run inside a network namespace by the protocol tests:
 * `node boot-services.ts '{"services":["dhcp"],"interfaces":[…],"leases":"/path"}'`.
 * Says `{"event":"ready"}` on stdout when all listen; takes one JSON command per line on stdin:
 * `{"reserve":{"mac","ip","hostname"}}`, `{"discover":{"mac","ip","afterMs"}}` (what the switch will say), `{"interfaces":[…]}`;
 * says `{"event":"obeyed"}` when done.
 */
import { createServer } from 'node:http';
import { appendFile, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Lease, Lookup } from '../../infra/boot/dhcp/deps.ts';
import { startDhcp } from '../../infra/boot/dhcp/server.ts';
import { formatIpv4 } from '../../domain/ip.ts';
import type { ProvisioningInterface, ProvisioningNetwork } from '../../infra/boot/provisioning-interface.ts';
import { nothing } from '../../infra/boot/ra/packet.ts';
import { startRouterAdvertisements } from '../../infra/boot/ra/server.ts';
import { ipxeDirectory, ipxeNames, mappedFiles } from '../../infra/boot/tftp/files.ts';
import { startTftp } from '../../infra/boot/tftp/server.ts';
import { createLog } from '../../infra/log.ts';
import { silentMeter } from './silent-meter.ts';

/** What the process serves, and to whom. */
export interface Setup {
  services: ('dhcp' | 'tftp' | 'ra' | 'http')[];
  interfaces: ProvisioningInterface[];
  /** Networks that are reached through a relay only. */
  relayed?: ProvisioningNetwork[];
  /** File of leases, one JSON object per line. */
  leases?: string;
  /** Directory served by TFTP beside Debian's iPXE. */
  directory?: string;
  names?: Record<string, string>;
  leaseSeconds?: number;
  /** What the http service answers to everything. */
  script?: string;
}

/** A change made while it runs. */
export interface Command {
  reserve?: { mac: string; ip: string; hostname: string };
  discover?: { mac: string; ip: string; afterMs: number };
  interfaces?: ProvisioningInterface[];
}

const setup = JSON.parse(process.argv[2] ?? '{}') as Setup;
const log = createLog('boot', 'debug');
const reservations = new Map<string, { ip: string; hostname: string }>();
const switchSays = new Map<string, { ip: string; afterMs: number }>();
const unknown: Lookup = { kind: 'unknown' };

function lookup(mac: string): Lookup {
  const found = reservations.get(mac);
  return found ? { kind: 'reserved', nodeId: `id-of-${found.hostname}`, ...found } : unknown;
}

async function resolveUnknown(mac: string): Promise<Lookup> {
  const said = switchSays.get(mac);
  if (!said) return unknown;
  await new Promise((resolve) => setTimeout(resolve, said.afterMs));
  reservations.set(mac, { ip: said.ip, hostname: 'found' });
  return lookup(mac);
}

async function loadLeases(): Promise<Lease[]> {
  const lines = setup.leases ? await readFile(setup.leases, 'utf8').catch(() => '') : '';
  return lines.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Lease);
}

async function appendLeases(leases: readonly Lease[]): Promise<void> {
  log.info('leases', { count: leases.length });
  if (setup.leases) await appendFile(setup.leases, leases.map((lease) => `${JSON.stringify(lease)}\n`).join(''), { flush: true });
}

const running: { stop(): Promise<void>; reconcile?(): Promise<void> }[] = [];
let served = setup.interfaces;
const interfaces = (): ProvisioningInterface[] => served;

if (setup.services.includes('dhcp')) {
  running.push(
    await startDhcp({
      interfaces,
      relayedNetworks: () => setup.relayed ?? [],
      lookup,
      resolveUnknown,
      isTaken: (_network, ip) => [...reservations.values()].some((one) => one.ip === formatIpv4(ip)),
      loadLeases,
      appendLeases,
      bootUrl: (mac, server, port) => `http://${server}:${port}/luna?step=boot&mac=${mac}`,
      seen: (record) => log.info('seen', { ...record }),
      meter: silentMeter,
      log,
      httpPort: 7050,
      ...(setup.leaseSeconds ? { leaseSeconds: setup.leaseSeconds } : {}),
    }),
  );
}
if (setup.services.includes('tftp')) {
  const directories = [...(setup.directory ? [setup.directory] : []), ipxeDirectory];
  running.push(await startTftp({ interfaces, files: mappedFiles({ directories, names: { ...ipxeNames, ...setup.names } }), log, meter: silentMeter, seen: () => undefined }));
}
if (setup.services.includes('ra')) running.push(await startRouterAdvertisements({ interfaces: () => interfaces().map(({ name }) => ({ name, advertised: nothing })), seen: () => undefined, meter: silentMeter, log }));
if (setup.services.includes('http')) {
  const server = createServer((request, response) => {
    log.info('http.get', { url: request.url, from: request.socket.remoteAddress });
    response.end(setup.script ?? '#!ipxe\necho hello from luna\npoweroff\n');
  });
  server.listen(7050, '0.0.0.0');
  running.push({ stop: async () => server.close().closeAllConnections() });
}

async function obey(command: Command): Promise<void> {
  if (command.reserve) reservations.set(command.reserve.mac, command.reserve);
  if (command.discover) switchSays.set(command.discover.mac, command.discover);
  if (command.interfaces) {
    served = command.interfaces;
    for (const service of running) await service.reconcile?.();
  }
  log.info('obeyed');
}

createInterface({ input: process.stdin }).on('line', (line) => void obey(JSON.parse(line) as Command));
process.on('SIGTERM', () => {
  void Promise.all(running.map((service) => service.stop())).then(() => process.exit(0));
});
log.info('ready');
