import { addressesOf } from '../../../domain/machine-names.ts';
import type { Artefact } from '../../../domain/osimage.ts';
import type { Boot } from '../../../domain/provision.ts';
import type { Site } from '../../../domain/site.ts';

/** What admission knows of a boot. */
export type OpenBoot = Pick<Boot, 'nodeId' | 'nodeName' | 'artefact' | 'state' | 'ip' | 'link'>;

/** Boots that may still load their image. */
const LOADING: readonly Boot['state'][] = ['armed', 'live', 'held'];

/**
 * Every machine that is being installed, by each of its addresses: those declared for its node, and the one its agent said
 * hello from, which a foreign DHCP server may have given. Nobody else may connect to the seeder or be told of peers.
 */
export function loadingMachines<B extends OpenBoot>(site: Site, boots: readonly B[]): Map<string, B> {
  const machines = new Map<string, B>();
  for (const boot of boots) {
    if (!LOADING.includes(boot.state)) continue;
    const node = site.nodes.get(boot.nodeId);
    if (node === undefined) continue;
    for (const ip of addressesOf(site, node)) machines.set(ip, boot);
    if (boot.ip !== undefined) machines.set(boot.ip, boot);
  }
  return machines;
}

/** The info hashes (hex) of what a machine that installs this version may load. */
export function torrentsOf(artefact: Artefact): string[] {
  return [artefact.tree.infoHash, ...(artefact.rest ? [artefact.rest.infoHash] : [])];
}

/** What is to be seeded: the packed version every image points at, and those that running installations began with. */
export function seededArtefacts(site: Site, boots: readonly Pick<OpenBoot, 'artefact' | 'state'>[]): Artefact[] {
  const current = [...site.osimages.values()].map((osimage) => osimage.current);
  const used = boots.filter((boot) => LOADING.includes(boot.state)).map((boot) => boot.artefact);
  return [...new Set([...current, ...used])].flatMap((id) => (id === null ? [] : site.artefacts.get(id) ?? []));
}
