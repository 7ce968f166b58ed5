import { addressAt } from './addresses.ts';
import type { Node } from './node.ts';
import { nameOf } from './object-views.ts';
import type { RunSummary } from './provision.ts';
import type { Sighting } from './sighting.ts';
import type { Site } from './site.ts';
import { LUNA1_STATUS } from './stages.ts';
import type { NodeInterfaceView, NodeView, UnknownView } from './views.ts';

/** What people see of a node. `run` is its newest. */
export function nodeView(site: Site, node: Node, run: RunSummary | undefined): NodeView {
  const { _id, addresses: _relative, ...rest } = node;
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
    status: run ? { run: run.status, stage: run.stage, luna1: LUNA1_STATUS[run.stage], at: run.endedAt ?? run.startedAt } : null,
  };
}

function interfaceViews(site: Site, node: Node): NodeInterfaceView[] {
  return (site.groups.get(node.group)?.interfaces ?? []).map(({ id, name, network: networkId }) => {
    const network = networkId === null ? undefined : site.networks.get(networkId);
    const offset = node.addresses[id];
    if (!network) return { name, network: null, ip: null, prefix: null };
    return { name, network: network.name, ip: offset === undefined ? null : addressAt(network, offset), prefix: network.prefix };
  });
}

/** The machines that were seen and are nobody's, in the order given. */
export function unknownViews(site: Site, sightings: readonly Sighting[]): UnknownView[] {
  return sightings
    .filter(({ mac }) => !site.nodes.has(site.macs.get(mac) ?? ''))
    .map(({ _id, networkId, ...seen }) => ({ ...seen, network: nameOf(site.networks, networkId) ?? networkId }));
}
