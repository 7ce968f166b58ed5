import { LunaError } from './errors.ts';
import { formatIpv4, netmask } from './ip.ts';
import { refuseUnconfigurable } from './network-setup.ts';
import { BMC, BOOTIF, domainOf, frontendAddress, frontendUrl, groupOf, hostnameOf, interfaceOf, type NodeInterface } from './node-network.ts';
import type { Node } from './node.ts';
import type { Artefact } from './osimage.ts';
import { type PlannedInterface, plannedInterfaces } from './planned-interfaces.ts';
import type { Site } from './site.ts';

/** How the agent sets up the management controller. The password is not part of it. */
export interface PlannedBmc {
  ip: string;
  netmask: string;
  gateway: string | null;
  user: string;
  userid: number;
  netchannel: number;
  mgmtchannel: number;
}

/** Everything an agent needs to install one node, decided; it holds no secret. */
export interface InstallPlan {
  nodeId: string;
  node: string;
  hostname: string;
  domain: string;
  server: string;
  url: string;
  osimage: string;
  artefact: Artefact;
  kernopts: string;
  bootloader: 'auto' | 'none';
  interfaces: PlannedInterface[];
  bmc: PlannedBmc | null;
  scripts: { prescript: string; partscript: string; postscript: string };
}

/**
 * Decides an installation. `artefactId` is the packed version a run began with; null: the osimage's current one.
 * Throws LunaError naming what is missing: a packed image, the frontend address, BOOTIF, its address.
 */
export function installPlan(site: Site, node: Node, artefactId: string | null = null): InstallPlan {
  const group = groupOf(site, node);
  const osimage = site.osimages.get(group.osimage);
  return {
    nodeId: node._id,
    node: node.name,
    hostname: hostnameOf(site, node),
    domain: domainOf(site, node),
    server: frontendAddress(site),
    url: frontendUrl(site),
    osimage: osimage?.name ?? '',
    artefact: artefactOf(site, node, artefactId),
    kernopts: osimage?.kernopts ?? '',
    bootloader: group.bootloader,
    interfaces: interfacesToConfigure(site, node),
    bmc: node.setupbmc ? plannedBmc(site, node) : null,
    scripts: { prescript: group.prescript, partscript: group.partscript, postscript: group.postscript },
  };
}

/**
 * What `provision` checks before anything is touched: the plan resolves and no flag of the operator sends the machine
 * elsewhere. Throws LunaError.
 */
export function provisionable(site: Site, node: Node): InstallPlan {
  const plan = installPlan(site, node);
  if (plan.artefact.manifest === undefined) {
    throw new LunaError('conflict', `osimage ${plan.osimage} was packed before images were signed: its nodes could verify nothing`, `luna osimage pack ${plan.osimage}`);
  }
  refuseUnconfigurable(plan);
  for (const flag of ['localboot', 'service'] as const) {
    if (node[flag]) throw new LunaError('conflict', `node ${node.name} is set to ${flag}, so its network boots don't install`, `luna node change ${node.name} --${flag} n`);
  }
  return plan;
}

/** The packed version a node gets. Throws LunaError when its group's image was never packed. */
export function artefactOf(site: Site, node: Node, artefactId: string | null): Artefact {
  const group = groupOf(site, node);
  const osimage = site.osimages.get(group.osimage);
  if (osimage === undefined) throw new LunaError('not-found', `group ${group.name} has no osimage`, `luna group change ${group.name} --osimage OSIMAGE`);
  const id = artefactId ?? osimage.current;
  const artefact = id === null ? undefined : site.artefacts.get(id);
  if (artefact === undefined) {
    const why = id === null ? 'is not packed' : `has no packed version ${id} any more`;
    throw new LunaError('conflict', `osimage ${osimage.name} ${why}`, `luna osimage pack ${osimage.name}`);
  }
  return artefact;
}

/** The boot NIC of a node with its address. Throws LunaError when the group or the node lacks one. */
export function bootInterface(site: Site, node: Node): NodeInterface & { ip: string; prefix: number } {
  const group = groupOf(site, node);
  const found = interfaceOf(site, node, BOOTIF);
  if (!found?.network) {
    throw new LunaError('conflict', `interface BOOTIF of group ${group.name} has no network`, `luna group change ${group.name} -i BOOTIF --setnet NETWORK`);
  }
  if (found.ip === null) {
    throw new LunaError('conflict', `node ${node.name} has no address in network ${found.network.name}`, `luna node change ${node.name} -i BOOTIF IP`);
  }
  return { ...found, ip: found.ip, prefix: found.network.prefix };
}

function interfacesToConfigure(site: Site, node: Node): PlannedInterface[] {
  bootInterface(site, node);
  return plannedInterfaces(site, node);
}

function plannedBmc(site: Site, node: Node): PlannedBmc | null {
  const setupId = groupOf(site, node).bmcsetup;
  const setup = setupId === null ? undefined : site.bmcsetups.get(setupId);
  const bmc = interfaceOf(site, node, BMC);
  if (setup === undefined || !bmc?.network || bmc.ip === null) return null;
  const { user, userid, netchannel, mgmtchannel } = setup;
  const { gateway, prefix } = bmc.network;
  return { ip: bmc.ip, netmask: formatIpv4(netmask(prefix)), gateway, user, userid, netchannel, mgmtchannel };
}
