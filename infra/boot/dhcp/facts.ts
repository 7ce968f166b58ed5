import type { Cidr, Ipv4 } from '../../../domain/ip.ts';
import type { Client } from './client.ts';

/** A declared machine's address and settings, as numbers. */
export interface Reserved {
  readonly ip: Ipv4;
  readonly hostname: string | null;
}

/** All that decides a reply, gathered before the decision. */
export interface Facts {
  readonly client: Client;
  /** Our address on the interface, also our identity as a server (option 54). */
  readonly server: Ipv4;
  readonly network: Cidr;
  readonly reserved: Reserved | null;
  /** The dynamic address that is this MAC's already. */
  readonly bound: Ipv4 | null;
  /** The dynamic address an OFFER would name; null when the pool is empty or the client is of no boot class and has none. */
  readonly candidate: Ipv4 | null;
  /** Whether a dynamic address asked for is ours to give or refuse. */
  isOurs(ip: Ipv4): boolean;
  readonly gateway: Ipv4 | null;
  readonly dns: readonly Ipv4[];
  readonly domain: string | null;
  readonly leaseSeconds: number;
  /** What to boot: a file name for TFTP or a URL; null for nothing. */
  readonly bootFile: string | null;
}
