/**
 * The DNS service as a process of its own, to be run inside a network namespace by the protocol tests and the benchmark:
 * `node dns-server.ts '{"site":{…},"addresses":["10.30.0.1"]}'`. Says `{"event":"ready"}` on stdout when it listens; takes one
 * JSON command per line on stdin: `{"site":{…}}` replaces what is declared; says `{"event":"obeyed"}` when done.
 */
import { createInterface } from 'node:readline';
import type { Site } from '../../domain/site.ts';
import { risingSerial } from '../../domain/zone-serial.ts';
import { zonesOf } from '../../domain/zones.ts';
import type { ServedZones } from '../../infra/boot/dns/answer.ts';
import { serveZone, type ServedZone } from '../../infra/boot/dns/served-zone.ts';
import { createNotifier } from '../../infra/boot/dns/notify.ts';
import { startDns } from '../../infra/boot/dns/server.ts';
import { createLog } from '../../infra/log.ts';
import { dnsClients } from '../../workers/dns-clients.ts';
import { type Declared, plainSite } from './plain-site.ts';
import { silentMeter } from './silent-meter.ts';

/** What the process serves, and where. */
export interface DnsSetup {
  site: Declared;
  addresses: string[];
  port?: number;
  rate?: number;
}

const setup = JSON.parse(process.argv[2] ?? '{}') as DnsSetup;
const log = createLog('dns', 'debug');
const factsOf = dnsClients();
let serial: number | null = null;
let site: Site;
let zones: ServedZones = new Map();

function declare(declared: Declared): ServedZone[] {
  site = plainSite(declared);
  const next = risingSerial(new Date(1_800_000_000_000), serial);
  serial = next;
  const made = zonesOf(site).zones.map((zone) => serveZone(zone, next));
  zones = new Map(made.map((zone) => [zone.origin, zone]));
  for (const warning of made.flatMap(({ warnings }) => warnings)) log.warn('dns.zone', { warning });
  return made;
}

declare(setup.site);
const dns = await startDns({
  addresses: () => setup.addresses,
  port: setup.port ?? 53,
  zones: () => zones,
  client: (address) => factsOf(site, address),
  forwarders: () => site.cluster?.dns_forwarders ?? [],
  rate: setup.rate ?? 20_000,
  log,
  meter: silentMeter,
  seen: (record) => { log.info('seen', { ...record }); },
});

const notifier = createNotifier({ secondaries: () => site.cluster?.dns_secondaries ?? [], log });

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as { site?: Declared };
  if (command.site) notifier.changed(declare(command.site));
  log.info('obeyed');
});
process.on('SIGTERM', () => { void dns.stop().then(() => process.exit(0)); });
log.info('ready', { addresses: dns.addresses });
