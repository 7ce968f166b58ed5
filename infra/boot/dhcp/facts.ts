import type { ClasslessRoute } from '../../../domain/classless-routes.ts';
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
  /** Our address on the interface. */
  readonly server: Ipv4;
  /** Our identity as a server (option 54): the same address, unless a relay wants to be named instead (RFC 5107). */
  readonly identity: Ipv4;
  /** Whether an option 54 names us: by any of our addresses, or as the relay wanted. */
  isUs(server: Ipv4): boolean;
  readonly network: Cidr;
  readonly reserved: Reserved | null;
  /** The dynamic address that is this MAC's already. */
  readonly bound: Ipv4 | null;
  /** The dynamic address an OFFER would name; null when the pool is empty or the client is of no boot class and has none. */
  readonly candidate: Ipv4 | null;
  /** Whether an address asked for is ours to refuse: of this network's dynamic range, or of another network that we serve. */
  isOurs(ip: Ipv4): boolean;
  readonly gateway: Ipv4 | null;
  readonly dns: readonly Ipv4[];
  readonly domain: string | null;
  readonly search: readonly string[];
  readonly mtu: number | null;
  readonly routes: readonly ClasslessRoute[];
  readonly leaseSeconds: number;
  /** What to boot: a file name for TFTP or a URL; null for nothing. */
  readonly bootFile: string | null;
  /** Why that one, where it doesn't speak for itself, and how many boots in a row did not arrive. */
  readonly bootWhy: string;
  /** Options that the site sets beside luna's own, or instead of them. */
  readonly siteOptions: ReadonlyMap<number, Uint8Array>;
  readonly bootPath: number;
}
