import { addressAt } from './addresses.ts';
import type { Bmcsetup } from './bmcsetup.ts';
import type { Cluster } from './cluster.ts';
import { bootPolicyOf, type Group } from './group.ts';
import { isProvisioned } from './ip-pool.ts';
import type { Network } from './network.ts';
import type { Osimage } from './osimage.ts';
import type { Site } from './site.ts';
import type { Switch } from './switch.ts';
import type { BmcsetupView, ClusterView, GroupView, NetworkView, OsimageView, SwitchView } from './views.ts';

/** The name behind a reference; null when there is none. A reference to something that is gone shows its id. */
export function nameOf(objects: ReadonlyMap<string, { name: string }>, id: string | null): string | null {
  return id === null ? null : objects.get(id)?.name ?? id;
}

/** What people see of the cluster. */
export function clusterView({ _id, ...cluster }: Cluster): ClusterView {
  return cluster;
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
    provision: isProvisioned(network, site.cluster),
    dhcp_start: address(network.dhcp_start),
    dhcp_end: address(network.dhcp_end),
  };
}

/** What people see of a switch. */
export function switchView(site: Site, { _id, address, ...rest }: Switch): SwitchView {
  const network = site.networks.get(rest.network);
  return { ...rest, network: network?.name ?? rest.network, ip: network ? addressAt(network, address) : `+${address}` };
}

/** What people see of an image. */
export function osimageView(site: Site, { _id, ...osimage }: Osimage): OsimageView {
  return { ...osimage, packed: site.artefacts.get(osimage.current ?? '')?.packedAt ?? null };
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
    interfaces: interfaces.map(({ name, network, params }) => {
      const found = network === null ? undefined : site.networks.get(network);
      return { name, network: nameOf(site.networks, network), address: found ? `${found.network}/${found.prefix}` : null, params };
    }),
  };
}
