import { effectiveBoot } from './boot-settings.ts';
import { BOOTIF, declaredInterfacesOf, interfaceOf } from './node-network.ts';
import type { Node } from './node.ts';
import { nameOf } from './object-views.ts';
import type { RunSummary } from './provision.ts';
import type { Sighting } from './sighting.ts';
import type { Site } from './site.ts';
import { LUNA1_STATUS } from './stages.ts';
import type { NodeInterfaceView, NodeView, UnknownView } from './views.ts';

/** What people see of a node. `run` is its newest. */
export function nodeView(site: Site, node: Node, run: RunSummary | undefined): NodeView {
  const { _id, addresses: _relative, addresses6: _relative6, ...rest } = node;
  const group = site.groups.get(node.group);
  const domain = nameOf(site.networks, group?.domain ?? null);
  return {
    ...rest,
    group: group?.name ?? node.group,
    hostname: domain === null ? node.name : `${node.name}.${domain}`,
    osimage: nameOf(site.osimages, group?.osimage ?? null),
    switch: nameOf(site.switches, node.switch),
    macs: site.macsOf.get(_id) ?? [],
    interfaces: interfaceViews(site, node),
    boot: effectiveBoot(group && site.groups.has(node.group) ? interfaceOf(site, node, BOOTIF)?.network ?? null : null, group ?? null, node),
    status: run ? { run: run.status, stage: run.stage, luna1: LUNA1_STATUS[run.stage], at: run.endedAt ?? run.startedAt } : null,
  };
}

function interfaceViews(site: Site, node: Node): NodeInterfaceView[] {
  if (!site.groups.has(node.group)) return [];
  return declaredInterfacesOf(site, node).map(({ name, network, ip, network6, ip6 }) => ({
    name,
    network: network?.name ?? null,
    ip,
    prefix: network?.prefix ?? null,
    network6: network6?.name ?? null,
    ip6,
    prefix6: network6?.prefix ?? null,
  }));
}

/** The machines that were seen and are nobody's, in the order given. */
export function unknownViews(site: Site, sightings: readonly Sighting[]): UnknownView[] {
  return sightings
    .filter(({ mac }) => !site.nodes.has(site.macs.get(mac) ?? ''))
    .map(({ _id, networkId, ...seen }) => ({ ...seen, network: nameOf(site.networks, networkId) ?? networkId }));
}
