import { addressAt } from './addresses.ts';
import type { Bmcsetup } from './bmcsetup.ts';
import type { Cluster } from './cluster.ts';
import { bootPolicyOf, type Group, type GroupInterface } from './group.ts';
import { isProvisioned } from './ip-pool.ts';
import type { Network } from './network.ts';
import type { Otherdev } from './otherdev.ts';
import type { Osimage } from './osimage.ts';
import type { Site } from './site.ts';
import type { Switch } from './switch.ts';
import { versionOf } from './subnet.ts';
import type { BmcsetupView, ClusterView, GroupInterfaceView, GroupView, NetworkView, OsimageView, OtherdevView, SwitchView } from './views.ts';

/** The name behind a reference; null when there is none. A reference to something that is gone shows its id. */
export function nameOf(objects: ReadonlyMap<string, { name: string }>, id: string | null): string | null {
  return id === null ? null : objects.get(id)?.name ?? id;
}

/** What people see of the cluster. */
export function clusterView(site: Site, { _id, ...cluster }: Cluster): ClusterView {
  return { ...cluster, dhcp_net: nameOf(site.networks, cluster.dhcp_net) };
}

/** What people see of a bmcsetup. */
export function bmcsetupView({ _id, ...bmcsetup }: Bmcsetup): BmcsetupView {
  return bmcsetup;
}

/** What people see of a network; `provision` as it is in force. */
export function networkView(site: Site, network: Network): NetworkView {
  const { _id, ...rest } = network;
  const address = (offset: number | null): string | null => offset === null ? null : addressAt(network, offset);
  return {
    ...rest,
    version: versionOf(network),
    provision: isProvisioned(network, site.cluster),
    dhcp_start: address(network.dhcp_start),
    dhcp_end: address(network.dhcp_end),
    reserved: network.reserved.map(({ offset, name }) => ({ ip: addressAt(network, offset), name })),
  };
}

/** What people see of a switch. */
export function switchView(site: Site, { _id, address, ...rest }: Switch): SwitchView {
  const network = site.networks.get(rest.network);
  return { ...rest, network: network?.name ?? rest.network, ip: network ? addressAt(network, address) : `+${address}` };
}

/** What people see of an otherdev, its networks in the order of their names. */
export function otherdevView(site: Site, { _id, addresses, addresses6, ...rest }: Otherdev): OtherdevView {
  const connected = Object.entries({ ...addresses, ...addresses6 }).map(([id, offset]) => {
    const network = site.networks.get(id);
    return { network: network?.name ?? id, ip: network ? addressAt(network, offset) : `+${offset}` };
  });
  return { ...rest, connected: connected.sort((a, b) => a.network < b.network ? -1 : 1) };
}

/** What people see of an image. */
export function osimageView(site: Site, { _id, ...osimage }: Osimage): OsimageView {
  const packed = site.artefacts.get(osimage.current ?? '');
  return { ...osimage, packed: packed?.packedAt ?? null, network_style: packed?.network ?? null };
}

/** What people see of a group; `boot_policy` as it is in force. */
export function groupView(site: Site, group: Group): GroupView {
  const { _id, interfaces, ...rest } = group;
  return {
    ...rest,
    osimage: nameOf(site.osimages, rest.osimage) ?? '',
    bmcsetup: nameOf(site.bmcsetups, rest.bmcsetup),
    domain: nameOf(site.networks, rest.domain),
    boot_policy: bootPolicyOf(group),
    torrent_if: interfaces.find(({ id }) => id === rest.torrent_if)?.name ?? null,
    interfaces: interfaces.map(({ id: _interface, ...one }) => groupInterfaceView(site, one)),
  };
}

function groupInterfaceView(site: Site, one: Omit<GroupInterface, 'id'>): GroupInterfaceView {
  const range = (id: string | null): string | null => {
    const network = id === null ? undefined : site.networks.get(id);
    return network ? `${network.network}/${network.prefix}` : null;
  };
  return {
    ...one,
    network: nameOf(site.networks, one.network),
    address: range(one.network),
    network6: nameOf(site.networks, one.network6),
    address6: range(one.network6),
  };
}
