import type { BootGlimpse, BootRecord, Seen } from '../../../domain/boot-record.ts';
import type { Ipv4 } from '../../../domain/ip.ts';
import type { Mac } from '../../../domain/mac.ts';
import type { Log } from '../../log.ts';
import type { Meter } from '../../meter.ts';
import type { ProvisioningInterface, ProvisioningNetwork } from '../provisioning-interface.ts';
import type { BootWishes } from './boot-file.ts';
import type { BootPaths } from './boot-paths.ts';

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
  readonly search?: readonly string[];
  readonly mtu?: number | null;
  /** Static routes of its interface: to `10.9.0.0/16` or `default`, by a router. */
  readonly routes?: readonly { readonly to: string; readonly via: string }[];
  /** Where on its ladder of boot files a machine begins that nothing is remembered of; absent = with the usual one. */
  readonly bootPath?: number;
  /** What the site wants it to boot; absent = what its network says. */
  readonly boot?: BootWishes;
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

/** Everything the DHCP server asks of its surroundings. `lookup`, `isTaken` and `seen` are called per packet and must not wait. */
export interface DhcpDeps {
  /** The interfaces to serve now; asked at start and at `reconcile()`. */
  interfaces(): readonly ProvisioningInterface[];
  /** Networks that are provisioned and on no device of ours: their machines come through a relay. None unless told. */
  relayedNetworks?(): readonly ProvisioningNetwork[];
  lookup(mac: Mac, networkId: string): Lookup;
  /** Whether there is anything that could tell who an unknown machine is; there is unless told. */
  canBeFound?(): boolean;
  /** Finds out who an unknown machine is (asks the switch). Called for boot programs' DISCOVERs only, once at a time per MAC. */
  resolveUnknown(mac: Mac, networkId: string, deadlineMs: number): Promise<Lookup>;
  /** Whether an address is claimed by a declared object and so is no one else's. */
  isTaken(networkId: string, ip: Ipv4): boolean;
  loadLeases(): Promise<readonly Lease[]>;
  /** Journals leases; their ACKs leave when it resolves, and never when it rejects. */
  appendLeases(leases: readonly Lease[]): Promise<void>;
  /** Whether a boot file is there to be served; all of them unless told. */
  hasBootFile?(file: string): boolean;
  /** How the boots of machines went; remembered by the server itself unless told. */
  readonly paths?: BootPaths;
  /** The URL of the boot script for iPXE. */
  bootUrl(mac: Mac, serverIp: string, port: number): string;
  /** Takes note of each message of a machine and of what it was answered. */
  readonly seen: Seen;
  /** The same, for who wants to look before the record is written, which takes as long as an answer; `seen` gets them all unless told. */
  glimpsed?(glimpse: BootGlimpse, record: () => BootRecord): void;
  /** Told when a machine on a device's own wire takes the address of another server, which it names; nobody unless told. */
  otherServerChosen?(device: string, networkId: string, server: string, mac: Mac): void;
  readonly meter: Meter;
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
