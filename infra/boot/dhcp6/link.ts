import { holds } from '../../../domain/subnet.ts';
import type { ProvisioningNetwork6 } from './deps.ts';
import type { Relay } from './packet.ts';

/** The link a client is on. */
export interface Link {
  /** What is declared on it; a machine may have its address in any of them. */
  readonly networks: readonly ProvisioningNetwork6[];
  /** This controller's address by which the client reaches it; null when it has none on the device the datagram came by. */
  readonly server: string | null;
}

/**
 * The link a datagram belongs to: behind relays the one with the address that the relay nearest to the client names
 * (RFC 8415 §13.1; a relay on the same link may leave it to the next one), else the device's own. Null = nothing declared.
 */
export function linkOf(networks: readonly ProvisioningNetwork6[], relays: readonly Relay[], device: string): Link | null {
  const own = networks.filter((network) => network.device === device);
  const named = relays.findLast(({ link }) => link !== 0n)?.link;
  const there = named === undefined ? own : networks.filter(({ subnet }) => holds(subnet, { version: 6, value: named }));
  return there.length === 0 ? null : { networks: there, server: there.find((one) => one.device === device)?.address ?? own[0]?.address ?? null };
}
