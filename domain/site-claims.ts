import { addressAt, type StoredOffset } from './addresses.ts';
import { ipClaim, macClaim, nameClaim, portClaim } from './claims.ts';
import type { ObjectKind } from './change.ts';
import { reservedOffsets } from './ip-pool.ts';
import type { Site } from './site.ts';

/** Something that one object of a site holds alone. `what` is for people. */
export interface HeldClaim { id: string; what: string; owner: string; kind: ObjectKind; name: string }

/** All that the objects of a site hold: their names, addresses, switch ports and MACs. */
export function* claimsOf(site: Site): Generator<HeldClaim> {
  const kinds: [ObjectKind, Iterable<{ _id: string; name: string }>][] = [
    ['cluster', site.cluster ? [site.cluster] : []], ['network', site.networks.values()], ['osimage', site.osimages.values()],
    ['bmcsetup', site.bmcsetups.values()], ['switch', site.switches.values()], ['otherdev', site.otherdevs.values()], ['group', site.groups.values()], ['node', site.nodes.values()],
  ];
  for (const [kind, objects] of kinds) {
    for (const { _id, name } of objects) yield { id: nameClaim(kind, name), what: `the name ${name}`, owner: `${kind}/${_id}`, kind, name };
  }
  yield* addressesOf(site);
  yield* ports(site);
  for (const [mac, nodeId] of site.macs) {
    const node = site.nodes.get(nodeId);
    if (node) yield { id: macClaim(mac), what: mac, owner: `node/${nodeId}`, kind: 'node', name: node.name };
  }
}

/** The addresses that the objects of a site hold. */
export function* addressesOf(site: Site): Generator<HeldClaim> {
  for (const network of site.networks.values()) {
    for (const [offset, by] of reservedOffsets(network, site.cluster)) {
      const owner = by === 'frontend' ? site.cluster ?? network : network;
      const kind = by === 'frontend' ? 'cluster' : 'network';
      yield { id: ipClaim(network._id, offset), what: addressAt(network, offset), owner: `${kind}/${owner._id}`, kind, name: owner.name };
    }
  }
  const held = (networkId: string, offset: StoredOffset, kind: ObjectKind, { _id, name }: { _id: string; name: string }): HeldClaim => {
    const network = site.networks.get(networkId);
    return { id: ipClaim(networkId, offset), what: network ? addressAt(network, offset) : `+${offset}`, owner: `${kind}/${_id}`, kind, name };
  };
  for (const one of site.switches.values()) yield held(one.network, one.address, 'switch', one);
  for (const one of site.otherdevs.values()) {
    for (const [network, offset] of Object.entries({ ...one.addresses, ...one.addresses6 })) yield held(network, offset, 'otherdev', one);
  }
  for (const node of site.nodes.values()) {
    for (const { id, network, network6 } of site.groups.get(node.group)?.interfaces ?? []) {
      const [offset, offset6] = [node.addresses[id], node.addresses6[id]];
      if (network !== null && offset !== undefined) yield held(network, offset, 'node', node);
      if (network6 !== null && offset6 !== undefined) yield held(network6, offset6, 'node', node);
    }
  }
}

function* ports(site: Site): Generator<HeldClaim> {
  for (const { _id, name, switch: switchId, port } of site.nodes.values()) {
    if (switchId === null || port === null) continue;
    const what = `port ${port} of switch ${site.switches.get(switchId)?.name ?? switchId}`;
    yield { id: portClaim(switchId, port), what, owner: `node/${_id}`, kind: 'node', name };
  }
}
