import { formatIpv4, parseIpv4 } from './ip.ts';
import type { Network } from './network.ts';

/** A member's address from its offset. */
export function addressAt(network: Pick<Network, 'network'>, offset: number): string {
  return formatIpv4(parseIpv4(network.network) + offset);
}
