import { macClaim } from '../../domain/claims.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Lease } from '../../domain/lease.ts';
import type { Network } from '../../domain/network.ts';
import { parseIp, type Subnet, subnetOf } from '../../domain/subnet.ts';
import type { Tx } from './change-objects.ts';
import { claimsAmong } from './claims.ts';
import { leasesWithin } from './leases.ts';

/** Read once in a transaction, however many addresses it gives. */
const read = new WeakMap<Tx, Promise<Lease[]>>();

/**
 * The addresses of a network that machines have for a while yet, by offset. They lie in its dynamic range as long as nobody
 * moves that; afterwards a machine keeps what it was promised until its lease ends.
 */
export async function leasedOffsets(tx: Tx, network: Network): Promise<Map<bigint, Lease>> {
  const subnet = subnetOf(network);
  if (subnet.version === 6) return new Map();
  const now = new Date().toISOString();
  const all = read.get(tx) ?? leasesWithin(tx.store, tx.session);
  read.set(tx, all);
  return new Map((await all).filter(({ networkId, expires }) => networkId === network._id && expires > now).map((lease) => [offsetIn(subnet, lease.ip), lease]));
}

/** Throws LunaError `taken` when a machine that isn't the owner's has the address by DHCP. */
export async function refuseLeased(tx: Tx, network: Network, offset: bigint, ip: string, owner: string): Promise<void> {
  const lease = (await leasedOffsets(tx, network)).get(offset);
  if (!lease) return;
  const binding = (await claimsAmong(tx, [macClaim(lease.mac)])).get(macClaim(lease.mac));
  if (binding?.owner === owner) return;
  throw new LunaError('taken', `${ip} is leased to ${lease.mac} until ${lease.expires}`, `luna network show ${network.name}`);
}

function offsetIn({ base }: Subnet, ip: string): bigint {
  return parseIp(ip).value - base;
}
