import { interfacesOf } from '../../../domain/node-network.ts';
import type { Artefact } from '../../../domain/osimage.ts';
import type { Boot } from '../../../domain/provision.ts';
import type { Site } from '../../../domain/site.ts';

type OpenBoot = Pick<Boot, 'nodeId' | 'artefact' | 'state'>;

/** Boots that may still load their image. */
const LOADING: readonly Boot['state'][] = ['armed', 'live', 'held'];

/** The addresses of every machine that is being installed: nobody else may connect to the seeder. */
export function admittedAddresses(site: Site, boots: readonly OpenBoot[]): Set<string> {
  const installing = boots.filter((boot) => LOADING.includes(boot.state)).flatMap((boot) => site.nodes.get(boot.nodeId) ?? []);
  return new Set(installing.flatMap((node) => interfacesOf(site, node).flatMap(({ ip }) => ip ?? [])));
}

/** What is to be seeded: the packed version every image points at, and those that running installations began with. */
export function seededArtefacts(site: Site, boots: readonly OpenBoot[]): Artefact[] {
  const current = [...site.osimages.values()].map((osimage) => osimage.current);
  const used = boots.filter((boot) => LOADING.includes(boot.state)).map((boot) => boot.artefact);
  return [...new Set([...current, ...used])].flatMap((id) => (id === null ? [] : site.artefacts.get(id) ?? []));
}
