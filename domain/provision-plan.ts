import { LunaError } from './errors.ts';
import { provisionable } from './install-plan.ts';
import { BMC, interfaceOf } from './node-network.ts';
import type { ProvisionPlan } from './provision.ts';
import type { Site } from './site.ts';

/** Resolves what a provision needs before anything is touched; throws LunaError naming the first thing that is missing. */
export function provisionPlan(site: Site, nodeId: string): ProvisionPlan {
  const node = site.nodes.get(nodeId);
  if (node === undefined) throw new LunaError('not-found', `there is no node with id ${nodeId}`, 'luna node list');
  const group = site.groups.get(node.group);
  if (group === undefined) throw new LunaError('not-found', `${node.name} has no group`, `luna node change ${node.name} --group GROUP`);
  const osimage = site.osimages.get(group.osimage);
  if (osimage === undefined) throw new LunaError('not-found', `group ${group.name} has no osimage`, `luna group change ${group.name} --osimage IMAGE`);
  if (osimage.current === null || !site.artefacts.has(osimage.current)) {
    throw new LunaError('conflict', `osimage ${osimage.name} has not been packed`, `luna osimage pack ${osimage.name}`);
  }
  if (site.cluster?.frontend_address == null) {
    throw new LunaError('conflict', 'the cluster has no frontend address', 'luna cluster change --frontend_address ADDRESS');
  }
  provisionable(site, node);
  const macs = site.macsOf.get(nodeId) ?? [];
  const sw = node.switch === null ? undefined : site.switches.get(node.switch);
  const bmcAddress = interfaceOf(site, node, BMC)?.ip ?? null;
  const hasBmc = group.bmcsetup !== null && bmcAddress !== null;
  return {
    nodeId,
    nodeName: node.name,
    groupName: group.name,
    osimageName: osimage.name,
    artefact: osimage.current,
    bmc: hasBmc ? { address: bmcAddress, bmcsetup: group.bmcsetup ?? '' } : null,
    macKnown: macs.length > 0,
    setupbmc: node.setupbmc && hasBmc,
    attempts: group.attempts,
    where: sw !== undefined && node.port !== null ? `${sw.name} port ${node.port}` : null,
  };
}
