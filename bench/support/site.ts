import { writeFileSync, mkdirSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Artefact } from '../../domain/osimage.ts';
import type { Config } from '../../infra/config.ts';
import { publishArtefact } from '../../infra/store/artefacts.ts';
import { addBmcsetup } from '../../infra/store/bmcsetups.ts';
import { initCluster } from '../../infra/store/clusters.ts';
import type { Store } from '../../infra/store/connect.ts';
import { addGroup } from '../../infra/store/groups.ts';
import { changeMacs } from '../../infra/store/change-objects.ts';
import { bindMacWithin } from '../../infra/store/macs.ts';
import { addNetwork } from '../../infra/store/networks.ts';
import { addNodes } from '../../infra/store/nodes.ts';
import { addOsimage } from '../../infra/store/osimages.ts';
import { loadSite } from '../../infra/store/site.ts';
import { parseMac, type Mac } from '../../domain/mac.ts';
import { BMC, BOOTIF, interfaceOf } from '../../domain/node-network.ts';
import { artefact } from '../../test/support/boot-http.ts';
import { packedTree } from '../../test/support/torrent.ts';
import { controllerAddress } from './own-network.ts';

/** One declared machine as its own side sees it. */
export interface Machine {
  nodeId: string;
  name: string;
  mac: Mac;
  ip: string;
  /** Address of its BMC; empty when it has none. */
  bmc: string;
}

/** A small stand-in for a packed image: what is measured is luna, not the disk. */
const TREE_BYTES = 200_000;
const KERNEL_BYTES = 50_000;
const BY = 'bench';
/** MACs that are bound in one transaction. */
const TOGETHER = 250;

/** Declares a site of `count` nodes with known MACs, and puts a made-up packed image in place. `bmc`: each node has one. */
export async function declareSite(store: Store, config: Config, count: number, { bmc }: { bmc: boolean }): Promise<Machine[]> {
  await initCluster(store, { frontend_address: controllerAddress }, BY);
  await addNetwork(store, { name: 'cluster', network: '10.30.0.0', prefix: 16 }, BY);
  await addNetwork(store, { name: 'ipmi', network: '10.31.0.0', prefix: 16 }, BY);
  const osimage = await addOsimage(store, { name: 'compute', path: config.dataDir }, BY);
  await publishArtefact(store, await madeUpImage(config, osimage._id), BY);
  await addBmcsetup(store, { name: 'base', user: 'admin', password: 'secret', cipher: 3 }, BY);
  await addGroup(store, { name: 'compute', osimage: 'compute', network: 'cluster', ...(bmc ? { bmcsetup: 'base', bmcnetwork: 'ipmi' } : {}) }, BY);
  const names = Array.from({ length: count }, (_, i) => `node${String(i + 1).padStart(3, '0')}`);
  const nodes = await addNodes(store, { names, group: 'compute' }, BY);
  const macs = new Map<string, Mac>();
  for (const [i, node] of nodes.entries()) macs.set(node._id, parseMac(`52:54:00:60:${hexByte(i >> 8)}:${hexByte(i & 255)}`));
  const bound = [...macs];
  for (let from = 0; from < bound.length; from += TOGETHER) {
    await changeMacs(store, BY, async (tx) => {
      for (const [nodeId, mac] of bound.slice(from, from + TOGETHER)) await bindMacWithin(tx, mac, nodeId, {});
    });
  }
  const site = await loadSite(store);
  return nodes.map((node) => ({
    nodeId: node._id,
    name: node.name,
    mac: macs.get(node._id) ?? parseMac('00:00:00:00:00:00'),
    ip: interfaceOf(site, node, BOOTIF)?.ip ?? '',
    bmc: interfaceOf(site, node, BMC)?.ip ?? '',
  }));
}

async function madeUpImage({ torrentsDir, bootDir }: Config, osimage: string): Promise<Artefact> {
  mkdirSync(torrentsDir, { recursive: true });
  mkdirSync(bootDir, { recursive: true });
  const { artefact: packed } = await packedTree(torrentsDir, TREE_BYTES);
  return artefact({
    osimage, osimageName: 'compute', tree: packed.tree, torrent: packed.torrent, kernel: madeUpFile(bootDir, 'vmlinuz'), initramfs: madeUpFile(bootDir, 'initramfs'),
  });
}

function madeUpFile(folder: string, file: string): Artefact['kernel'] {
  const bytes = randomBytes(KERNEL_BYTES);
  writeFileSync(join(folder, file), bytes);
  return { file, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

const hexByte = (value: number): string => value.toString(16).padStart(2, '0');
