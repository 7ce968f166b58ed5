import type { Mac } from '../../../domain/mac.ts';
import type { Log } from '../../log.ts';
import type { ProvisioningInterface } from '../provisioning-interface.ts';
import type { BootPath } from './boot-file.ts';
import type { ClientClass } from './client.ts';

/** What the site says about a MAC on a network: the address of a declared machine, or nothing. */
export type Lookup = Reservation | { readonly kind: 'unknown' };

/** The address and the settings of a declared machine. */
export interface Reservation {
  readonly kind: 'reserved';
  readonly ip: string;
  readonly hostname: string;
  readonly nodeId: string;
  readonly gateway?: string | null;
  readonly dns?: readonly string[];
  readonly domain?: string | null;
  /** Which boot file a PXE ROM gets; absent = the usual one. */
  readonly bootPath?: BootPath;
}

/** A dynamic address given to a MAC. Newest `at` wins; `expires` ≤ `at` says that it was given back. Times are ISO 8601. */
export interface Lease {
  readonly mac: Mac;
  readonly networkId: string;
  readonly ip: string;
  readonly at: string;
  readonly expires: string;
  /** Option 61 in hex, for people who look for it. */
  readonly clientId?: string;
}

/** What DHCP saw of a machine, for those who wait for it to boot. */
export interface DhcpObservation {
  readonly kind: 'dhcp.offer' | 'dhcp.ack';
  readonly mac: Mac;
  readonly ip: string;
  /** Option 93; null when not sent. */
  readonly arch: number | null;
  readonly clientClass: ClientClass;
  readonly networkId: string;
  /** Null for a machine without a reservation. */
  readonly nodeId: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/** Everything the DHCP server asks of its surroundings. `lookup`, `isTaken` and `observed` are called per packet and must not wait. */
export interface DhcpDeps {
  /** The interfaces to serve now; asked at start and at `reconcile()`. */
  interfaces(): readonly ProvisioningInterface[];
  lookup(mac: Mac, networkId: string): Lookup;
  /** Finds out who an unknown machine is (asks the switch). Called for boot programs' DISCOVERs only, once at a time per MAC. */
  resolveUnknown(mac: Mac, networkId: string, deadlineMs: number): Promise<Lookup>;
  /** Whether an address is claimed by a declared object and so is no one else's. */
  isTaken(networkId: string, ip: string): boolean;
  loadLeases(): Promise<readonly Lease[]>;
  /** Journals leases; their ACKs leave when it resolves, and never when it rejects. */
  appendLeases(leases: readonly Lease[]): Promise<void>;
  /** The URL of the boot script for iPXE. */
  bootUrl(mac: Mac, serverIp: string, port: number): string;
  observed(event: DhcpObservation): void;
  readonly log: Log;
  /** Port of the boot HTTP service, for `bootUrl`. */
  readonly httpPort: number;
  /** UDP port to listen on; 67 unless told. Clients and relays send nowhere else. */
  readonly port?: number;
  /** Length of a lease; one hour unless told. */
  readonly leaseSeconds?: number;
  /** Milliseconds since 1970; Date.now unless told. */
  now?(): number;
}
