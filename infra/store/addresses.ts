import { addressAt, offsetOf, type StoredOffset } from '../../domain/addresses.ts';
import { ipClaim } from '../../domain/claims.ts';
import type { Cluster } from '../../domain/cluster.ts';
import { LunaError } from '../../domain/errors.ts';
import { lowestFree, rangeKeptFree, within } from '../../domain/ip-pool.ts';
import type { Network } from '../../domain/network.ts';
import type { Tx } from './change-objects.ts';
import { addressClaims, deleteClaims } from './claims.ts';
import { leasedOffsets, refuseLeased } from './leased.ts';
import { take } from './take.ts';

/** An address somebody has, by the id of its network. */
export interface HeldAddress { network: string; offset: StoredOffset | bigint; owner: string }

/**
 * Claims the lowest free address of a network for each owner; offsets in the order of `owners`.
 * Throws LunaError `conflict` when the network has too few, and then nobody gets one.
 */
export async function allocateAddresses(tx: Tx, network: Network, cluster: Cluster | null, owners: readonly string[]): Promise<bigint[]> {
  if (owners.length === 0) return [];
  const taken = new Set([...(await addressClaims(tx, network._id)).map(({ offset }) => offset), ...(await leasedOffsets(tx, network)).keys()]);
  const offsets = lowestFree(network, cluster, taken, owners.length);
  await take(tx, offsets.map((offset, i) => ({ id: ipClaim(network._id, offset), what: addressAt(network, offset), owner: owners[i] ?? '' })));
  return offsets;
}

/**
 * Claims one address by name and returns its offset. Throws LunaError `invalid` outside the network or inside its
 * dynamic range, `taken` when somebody has it, by DHCP or by declaration.
 */
export async function takeAddress(tx: Tx, network: Network, cluster: Cluster | null, ip: string, owner: string): Promise<bigint> {
  const offset = offsetOf(network, ip);
  const range = rangeKeptFree(network, cluster);
  if (range && within(range, offset)) {
    const ends = `${addressAt(network, range.start)}–${addressAt(network, range.end)}`;
    throw new LunaError('invalid', `${ip} lies in the dynamic range of network ${network.name} (${ends})`,
      `luna network change ${network.name} --dhcp_start IP --dhcp_end IP`);
  }
  await refuseLeased(tx, network, offset, ip, owner);
  await take(tx, [{ id: ipClaim(network._id, offset), what: ip, owner }]);
  return offset;
}

/** Gives addresses back. */
export async function releaseAddresses(tx: Tx, held: readonly HeldAddress[]): Promise<void> {
  await deleteClaims(tx, held.map(({ network, offset, owner }) => ({ _id: ipClaim(network, offset), owner })));
}
