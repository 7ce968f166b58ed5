import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artefactSchema, osimageSchema, type Artefact } from '../../domain/osimage.ts';
import type { BootRecord } from '../../domain/boot-record.ts';
import { bmcsetupSchema } from '../../domain/bmcsetup.ts';
import { clusterSchema } from '../../domain/cluster.ts';
import type { Evidence, Progress } from '../../domain/evidence.ts';
import { groupSchema } from '../../domain/group.ts';
import { networkSchema } from '../../domain/network.ts';
import { nodeSchema } from '../../domain/node.ts';
import type { Boot, Order } from '../../domain/provision.ts';
import type { Site } from '../../domain/site.ts';
import { createBootHttp, type BootHttpDeps } from '../../infra/boot/http/app.ts';
import { whyNotBootable } from '../../infra/boot/http/as-packed.ts';
import { boundConnections } from '../../infra/boot/http/connections.ts';
import { createFileSums } from '../../infra/boot/http/file-sums.ts';
import { startBootHttp, type BootHttpListen, type BootHttpServer } from '../../infra/boot/http/server.ts';
import { USUAL_PACE, watchTransfers } from '../../infra/boot/http/transfers.ts';
import { withTracker } from '../../infra/boot/torrent/metainfo.ts';
import { createTracker } from '../../infra/boot/torrent/tracker.ts';
import { createLog } from '../../infra/log.ts';
import { nodeTemplates } from '../../infra/templates/node-templates.ts';
import { silentMeter } from './silent-meter.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The MAC of the test site's only machine, and its nonce. */
export const MAC = '52:54:00:00:00:01';
export const NONCE = '0123456789abcdef0123456789abcdef';

const digest = (digit: string): string => digit.repeat(64);
const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const [KERNEL, INITRAMFS] = ['0123456789', 'abcdefghijklmnopqrst'] as const;

/** What stands for a manifest and its signature. */
export const [MANIFEST, SIGNATURE] = ['{"artefact":"art1"}\n', 's'.repeat(64)] as const;

/** A packed image that exists on paper. */
export function artefact(changes: Partial<Artefact> = {}): Artefact {
  return artefactSchema.parse({
    _id: 'art1', osimage: 'img1', osimageName: 'debian12', kernver: '6.1.0-56-amd64', family: 'debian', network: 'networkd',
    tree: { file: `${digest('a')}.tar.zst`, sha256: digest('a'), size: 1000, infoHash: 'b'.repeat(40), unpackedSize: 4000 },
    torrent: `${digest('a')}.torrent`,
    kernel: { file: 'debian12-vmlinuz', sha256: sumOf(KERNEL), size: 10 },
    initramfs: { file: 'debian12-initramfs', sha256: sumOf(INITRAMFS), size: 20 },
    manifest: { file: 'art1.manifest', sha256: sumOf(MANIFEST), size: MANIFEST.length, signatureSha256: sumOf(SIGNATURE) },
    packedAt: '2026-01-01T00:00:00.000Z', ...changes,
  });
}

/** One cluster on loopback addresses: the frontend is 127.0.0.1, node001 is 127.0.0.5, its BMC 127.1.0.7. */
export function testSite(): Site {
  const group = groupSchema.parse({
    _id: 'g1', name: 'compute', rev: 0, osimage: 'img1', bmcsetup: 'bmc1', domain: 'n1', partscript: 'mkfs.ext4 /dev/vda', boot_policy: 'once',
    interfaces: [{ id: 'i2', name: 'BMC', network: 'n2' }, { id: 'i1', name: 'BOOTIF', network: 'n1', params: 'MTU=9000\n' }],
  });
  const node = nodeSchema.parse({ _id: 'node-1', name: 'node001', rev: 0, group: 'g1', addresses: { i1: 5, i2: 7 } });
  return {
    cluster: clusterSchema.parse({ _id: 'c1', name: 'general', rev: 0, frontend_address: '127.0.0.1' }),
    networks: new Map([
      ['n1', networkSchema.parse({ _id: 'n1', name: 'cluster', rev: 0, network: '127.0.0.0', prefix: 16, gateway: '127.0.0.1', dns: ['127.0.0.1'] })],
      ['n2', networkSchema.parse({ _id: 'n2', name: 'ipmi', rev: 0, network: '127.1.0.0', prefix: 16 })],
    ]),
    switches: new Map(),
    otherdevs: new Map(),
    osimages: new Map([['img1', osimageSchema.parse({ _id: 'img1', name: 'debian12', rev: 0, path: '/srv/debian12', kernopts: 'console=ttyS0 quiet', current: 'art1' })]]),
    artefacts: new Map([['art1', artefact()]]),
    bmcsetups: new Map([['bmc1', bmcsetupSchema.parse({ _id: 'bmc1', name: 'ipmi', rev: 0 })]]),
    groups: new Map([['g1', group]]),
    nodes: new Map([['node-1', node]]),
    nodesByName: new Map([['node001', node]]),
    macs: new Map([[MAC, 'node-1']]),
    macsOf: new Map([['node-1', [MAC]]]),
  };
}

/** An armed boot of node001. */
export function armedBoot(changes: Partial<Boot> = {}): Boot {
  return {
    _id: NONCE, bootId: 'boot1', nodeId: 'node-1', nodeName: 'node001', runId: 'run1', artefact: 'art1', state: 'armed', path: 0,
    poweredAt: '2026-01-01T00:00:00.000Z', deadline: '2099-01-01T00:00:00.000Z', ...changes,
  };
}

/** What a workflow that waits for a row would have put into the store. */
export function order(row: Order['row'], changes: Partial<Order> = {}): Order {
  const at = '2026-01-01T00:00:00.000Z';
  return { _id: 'node-1', nodeName: 'node001', workflowId: 'provision/node-1', runId: 'run1', bootId: 'boot1', row, attempt: 1, token: '', skip: [], at, ...changes };
}

/** The surroundings of the boot HTTP service, in memory. */
export interface World {
  site: Site;
  boot: Boot | null;
  order: Order | null;
  evidence: Evidence[];
  progress: Progress[];
  sightings: string[];
  unasked: string[];
  seen: BootRecord[];
  /** Whether the tracker takes the machine with an address for one that loads an image (info hash). */
  admitted(ip: string, infoHash: string): boolean;
  deps: BootHttpDeps;
  /** Lets time pass. */
  later(ms: number): void;
}

/** A world whose clock moves one millisecond a look, so that evidence has an order. */
export async function testWorld(): Promise<World> {
  const dir = temporaryFolder('http');
  await writeFile(join(dir, 'debian12-vmlinuz'), KERNEL);
  await writeFile(join(dir, 'debian12-initramfs'), INITRAMFS);
  await writeFile(join(dir, 'art1.manifest'), MANIFEST);
  await writeFile(join(dir, 'art1.manifest.sig'), SIGNATURE);
  let time = Date.now();
  let rotations = 0;
  const sums = createFileSums();
  const log = createLog('test', 'error');
  const world: World = { site: testSite(), boot: armedBoot(), order: null, evidence: [], progress: [], sightings: [], unasked: [], seen: [], admitted: () => true, deps: {} as BootHttpDeps, later: (ms) => { time += ms; } };
  world.deps = {
    site: () => world.site,
    bootByNonce: (nonce) => Promise.resolve(world.boot?._id === nonce ? world.boot : null),
    bootOfNode: () => Promise.resolve(world.boot?.state === 'dead' ? null : world.boot),
    rotateNonce: (boot) => {
      world.boot = { ...boot, _id: String(++rotations).padStart(32, 'f'), state: 'armed' };
      return Promise.resolve(world.boot);
    },
    orderOf: () => Promise.resolve(world.order),
    newestOrder: () => Promise.resolve(world.order),
    evidenceOf: (bootId) => Promise.resolve(world.evidence.filter((e) => e.bootId === bootId)),
    report: (evidence) => {
      if (!world.evidence.some((e) => e._id === evidence._id)) world.evidence.push(evidence);
      return Promise.resolve();
    },
    recentBoot: (nonce) => world.deps.bootByNonce(nonce),
    live: (boot, from) => {
      if (boot.state === 'armed') world.boot = { ...boot, ...from, state: 'live' };
      return Promise.resolve();
    },
    progress: (progress) => { world.progress.push(progress); },
    bindMac: (mac, nodeId) => {
      world.site.macs.set(mac, nodeId);
      return Promise.resolve({ bound: true });
    },
    startUnasked: (nodeId) => {
      world.unasked.push(nodeId);
      return Promise.resolve();
    },
    sighting: (mac) => { world.sightings.push(mac); },
    bmcPassword: () => Promise.resolve("it's secret"),
    waitForWork: (_nodeId, ms) => new Promise((resolve) => { setTimeout(resolve, Math.min(ms, 20)); }),
    now: () => new Date(time++),
    bootDir: dir,
    torrentsDir: dir,
    withTracker,
    tracker: createTracker({
      isServed: (hash) => [...world.site.artefacts.values()].some((one) => one.tree.infoHash === hash),
      settings: () => ({ tracker_interval: 10, tracker_min_interval: 5, tracker_maxpeers: 200 }),
      isOwn: () => false,
      isAdmitted: (ip, infoHash) => world.admitted(ip, infoHash),
      switchOf: () => null,
    }, log),
    templates: nodeTemplates,
    netboot: { directories: [dir], names: { 'snponly.efi': 'snponly.efi' } },
    sums,
    whyNotBootable: (names) => whyNotBootable({ site: () => world.site, sums, bootDir: dir }, names),
    transfers: watchTransfers(USUAL_PACE),
    meter: silentMeter,
    seen: (record) => { world.seen.push(record); },
    log,
    pollMs: 300,
  };
  return world;
}

/** Serves a world on a free loopback port, for every local address, and makes it the site's frontend port. */
export async function serve(world: World, options: Partial<BootHttpListen> = {}): Promise<BootHttpServer & { url: string }> {
  const server = await startBootHttp({ app: createBootHttp(world.deps), port: 0, isServed: () => true, meter: world.deps.meter, log: world.deps.log, ...options, connections: options.connections ?? boundConnections(world.deps.meter) });
  if (world.site.cluster) world.site.cluster.frontend_port = server.address.port;
  return { ...server, url: `http://127.0.0.1:${server.address.port}` };
}
