import { addressAt } from '../../domain/addresses.ts';
import { ipClaim } from '../../domain/claims.ts';
import type { Cluster } from '../../domain/cluster.ts';
import { reservedOffsets } from '../../domain/ip-pool.ts';
import type { Network } from '../../domain/network.ts';
import type { Tx } from './change-objects.ts';
import { addressClaims, deleteClaims, ownerOf } from './claims.ts';
import { take } from './take.ts';

/**
 * Brings the claims on the controller's, the gateway's and the name server's address in line with what is declared now.
 * Throws LunaError `taken` when a node or switch has one of them.
 */
export async function reserveAddresses(tx: Tx, network: Network, cluster: Cluster | null): Promise<void> {
  const owners = { network: ownerOf('network', network._id), frontend: ownerOf('cluster', cluster?._id ?? 'none') };
  const wanted = new Map([...reservedOffsets(network, cluster)].map(([offset, by]) => [ipClaim(network._id, offset), { offset, owner: owners[by] }]));
  const held = (await addressClaims(tx.store, tx.session, network._id)).filter(({ owner }) => /^(network|cluster)\//.test(owner));
  await deleteClaims(tx.store, tx.session, held.filter((claim) => wanted.get(claim._id)?.owner !== claim.owner));
  await take(tx, [...wanted].map(([id, { offset, owner }]) => ({ id, what: addressAt(network, offset), owner })));
}
