import { addressAt } from '../../domain/addresses.ts';
import { ipClaim } from '../../domain/claims.ts';
import type { Cluster } from '../../domain/cluster.ts';
import { reservedOffsets } from '../../domain/ip-pool.ts';
import type { Network } from '../../domain/network.ts';
import type { Tx } from './change-objects.ts';
import { addressClaims, deleteClaims, ownerOf } from './claims.ts';
import { take } from './take.ts';

/**
 * Brings the claims on the controller's, the gateway's and the name server's address, and on those set aside, in line
 * with what is declared now. Throws LunaError `taken` when a member has one of them.
 */
export async function reserveAddresses(tx: Tx, network: Network, cluster: Cluster | null): Promise<void> {
  const owners = { network: ownerOf('network', network._id), frontend: ownerOf('cluster', cluster?._id ?? 'none') };
  const wanted = new Map([...reservedOffsets(network, cluster)].map(([offset, why]) => {
    const owner = why === 'frontend' ? owners.frontend : owners.network;
    return [ipClaim(network._id, offset), { id: ipClaim(network._id, offset), what: addressAt(network, offset), owner }];
  }));
  const held = (await addressClaims(tx, network._id)).filter(({ owner }) => /^(network|cluster)\//.test(owner));
  await deleteClaims(tx, held.filter((claim) => wanted.get(claim._id)?.owner !== claim.owner));
  for (const { _id, owner } of held) if (wanted.get(_id)?.owner === owner) wanted.delete(_id);
  await take(tx, [...wanted.values()]);
}
