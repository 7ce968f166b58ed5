import type { Ipv6 } from '../../../domain/ipv6.ts';
import type { Subnet } from '../../../domain/subnet.ts';
import type { Lifetimes } from './association.ts';
import type { Client6 } from './client.ts';

/** All that decides an answer, gathered before the decision. */
export interface Facts6 {
  readonly client: Client6;
  /** This server's identifier (RFC 8415 §11). */
  readonly serverId: Uint8Array;
  /** The networks on the client's link, for CONFIRM. */
  readonly links: readonly Subnet[];
  /** The machine's own address and name, or null for a machine that isn't declared on this link: it gets nothing. */
  readonly reserved: { readonly ip: Ipv6; readonly hostname: string; readonly domain: string } | null;
  readonly dns: readonly Ipv6[];
  readonly search: readonly string[];
  readonly lifetimes: Lifetimes;
  /** What a boot program is to load; null for nothing. */
  readonly bootUrl: string | null;
}
