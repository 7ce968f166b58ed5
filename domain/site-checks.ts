import { addressAt, lastOffset } from './addresses.ts';
import { checkedCluster } from './cluster-rules.ts';
import { rangeKeptFree, within } from './ip-pool.ts';
import { checkedNetwork } from './network-rules.ts';
import type { Network } from './network.ts';
import type { Osimage } from './osimage.ts';
import { addressesOf, claimsOf } from './site-claims.ts';
import type { Draft } from './site-draft.ts';
import { formatSubnet, overlap, subnetOf } from './subnet.ts';
import { plainPath } from './tree-path.ts';

/**
 * Notes all that is wrong with the site as a whole: references to what goes, overlaps, addresses twice. Once something is
 * wrong already, only what does not come of that.
 */
export function checkSite(draft: Draft): void {
  const sound = draft.problems.found.length === 0 && draft.unread.size === 0;
  const isRead = (section: string): boolean => ![...draft.unread].some((one) => one.startsWith(`${section}/`));
  if (sound) checkReferences(draft);
  if (isRead('networks')) checkNetworks(draft);
  const { cluster, networks } = draft.site;
  if (isRead('networks') && cluster && cluster !== draft.before.cluster) draft.problems.check(['cluster'], () => checkedCluster(cluster, networks.values()));
  if (isRead('osimages')) checkPaths(draft);
  if (draft.unread.size === 0) checkClaims(draft);
  if (sound) checkMembers(draft);
}

function checkReferences(draft: Draft): void {
  const { site, before, problems } = draft;
  const refuse = (kind: 'cluster' | 'group' | 'node' | 'switch' | 'otherdev', user: { _id: string; name: string }, to: string, gone: { name: string } | undefined): void => {
    problems.add(draft.placeOf(kind, user), `${kind} ${user.name} uses ${to} ${gone?.name ?? ''}, which is to be removed`);
  };
  for (const group of site.groups.values()) {
    if (!site.osimages.has(group.osimage)) refuse('group', group, 'osimage', before.osimages.get(group.osimage));
    if (group.bmcsetup !== null && !site.bmcsetups.has(group.bmcsetup)) refuse('group', group, 'bmcsetup', before.bmcsetups.get(group.bmcsetup));
    const networks = [group.domain, ...group.interfaces.flatMap(({ network, network6 }) => [network, network6])];
    for (const id of new Set(networks)) if (id !== null && !site.networks.has(id)) refuse('group', group, 'network', before.networks.get(id));
  }
  for (const one of site.otherdevs.values()) {
    for (const id of Object.keys({ ...one.addresses, ...one.addresses6 })) if (!site.networks.has(id)) refuse('otherdev', one, 'network', before.networks.get(id));
  }
  const { cluster } = site;
  if (cluster && cluster.dhcp_net !== null && !site.networks.has(cluster.dhcp_net)) refuse('cluster', cluster, 'network', before.networks.get(cluster.dhcp_net));
  for (const one of site.switches.values()) if (!site.networks.has(one.network)) refuse('switch', one, 'network', before.networks.get(one.network));
  for (const node of site.nodes.values()) {
    if (!site.groups.has(node.group)) refuse('node', node, 'group', before.groups.get(node.group));
    if (node.switch !== null && !site.switches.has(node.switch)) refuse('node', node, 'switch', before.switches.get(node.switch));
  }
}

function checkNetworks(draft: Draft): void {
  const { site, before, problems } = draft;
  const earlier: Network[] = [...site.networks.values()].filter((network) => before.networks.get(network._id) === network);
  for (const network of site.networks.values()) {
    if (before.networks.get(network._id) === network) continue;
    const path = draft.placeOf('network', network);
    for (const other of earlier) {
      if (overlap(subnetOf(other), subnetOf(network))) {
        problems.add([...path, 'network'], `${formatSubnet(subnetOf(network))} overlaps network ${other.name} ${formatSubnet(subnetOf(other))}`);
      }
    }
    problems.check(path, () => checkedNetwork(network));
    earlier.push(network);
  }
}

function checkPaths(draft: Draft): void {
  const { site, before, problems } = draft;
  const trees = new Map<string, Osimage>();
  const stays = (osimage: Osimage): boolean => before.osimages.get(osimage._id) === osimage;
  for (const osimage of site.osimages.values()) {
    const path = plainPath(osimage.path);
    const other = trees.get(path);
    // An older luna took /os and /os/ for two trees.
    if (other && !(stays(osimage) && stays(other))) problems.add([...draft.placeOf('osimage', osimage), 'path'], `${osimage.path} is the tree of osimage ${other.name}`);
    trees.set(path, osimage);
  }
}

function checkClaims(draft: Draft): void {
  const owners = new Map<string, { owner: string; kind: string; name: string }>();
  for (const claim of claimsOf(draft.site)) {
    const holder = owners.get(claim.id);
    if (holder) {
      const _id = claim.owner.slice(claim.owner.indexOf('/') + 1);
      const who = holder.owner === claim.owner ? 'it' : `${holder.kind} ${holder.name}`;
      draft.problems.add(draft.placeOf(claim.kind, { _id, name: claim.name }), `${claim.what} of ${claim.kind} ${claim.name} is taken by ${who}`);
    }
    owners.set(claim.id, claim);
  }
}

/** Members that would lie outside their network or in the range kept for unknown machines. Those that nobody moves may stay where they are. */
function checkMembers(draft: Draft): void {
  const { site, before, problems } = draft;
  const unmoved = new Set([...addressesOf(before)].map(({ id, owner }) => `${id} ${owner}`));
  const kept = new Map([...site.networks.values()].map((network) => [network._id, { network, range: rangeKeptFree(network, site.cluster), same: sameRange(draft, network) }]));
  for (const { id, owner, kind, name } of addressesOf(site)) {
    if (kind !== 'node' && kind !== 'switch' && kind !== 'otherdev') continue;
    const [, networkId = '', offsetText = ''] = id.split('/');
    const offset = BigInt(offsetText);
    const { network, range, same } = kept.get(networkId) ?? {};
    if (!network || (same && unmoved.has(`${id} ${owner}`))) continue;
    const path = draft.placeOf(kind, { _id: owner.slice(kind.length + 1), name });
    if (offset > lastOffset(network)) problems.add(path, `${kind} ${name} would lie outside network ${network.name}`);
    else if (range && within(range, offset)) {
      const ends = `${addressAt(network, range.start)}–${addressAt(network, range.end)}`;
      problems.add(path, `${addressAt(network, offset)} of ${kind} ${name} lies in the dynamic range of network ${network.name} (${ends})`);
    }
  }
}

function sameRange(draft: Draft, network: Network): boolean {
  const old = draft.before.networks.get(network._id);
  return old !== undefined && old.prefix === network.prefix && old.dhcp_start === network.dhcp_start && old.dhcp_end === network.dhcp_end;
}
