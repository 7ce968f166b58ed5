import type { BootRecord } from '../../../domain/boot-record.ts';
import type { Ipv6 } from '../../../domain/ipv6.ts';
import type { Mac } from '../../../domain/mac.ts';
import type { Subnet } from '../../../domain/subnet.ts';
import type { Log } from '../../log.ts';
import type { Meter } from '../../meter.ts';
import type { BootWishes } from '../dhcp/boot-file.ts';
import type { BootChoice6 } from './boot-choice.ts';

/** A declared IPv6 network that luna provisions. */
export interface ProvisioningNetwork6 {
  readonly id: string;
  readonly subnet: Subnet;
  /** The device of this controller with an address in it; null for a network behind a relay. */
  readonly device: string | null;
  /** This controller's own address on that device; null behind a relay. */
  readonly address: string | null;
  readonly dns: readonly Ipv6[];
  readonly search: readonly string[];
}

/** The address and the names of a declared machine. */
export interface Reservation6 {
  readonly ip: string;
  readonly hostname: string;
  /** Empty when it has none. */
  readonly domain: string;
  readonly nodeId: string;
  /** Where on its ladder of boot files a machine begins that nothing is remembered of; absent = with the usual one. */
  readonly bootPath?: number;
  /** What the site wants it to boot; absent = the usual. */
  readonly boot?: BootWishes | null;
}

/** Everything the DHCPv6 server asks of its surroundings. All but `resolveUnknown` are called per packet and must not wait. */
export interface Dhcp6Deps {
  /** The networks to serve now; asked at start and at `reconcile()`. */
  networks(): readonly ProvisioningNetwork6[];
  /** The machine of that MAC, when it has an address in the network. */
  lookup(mac: Mac, networkId: string): Reservation6 | null;
  /** Finds out who an unknown boot program is (asks the switch); `lookup` then knows. Called once at a time per MAC. */
  resolveUnknown(mac: Mac, networkId: string, deadlineMs: number): Promise<void>;
  /** What boot programs are to load. */
  readonly boot: BootChoice6;
  seen(record: BootRecord): void;
  readonly meter: Meter;
  readonly log: Log;
  /** This server's identifier (RFC 8415 §11): the same for ever. */
  readonly serverId: Uint8Array;
  /** UDP port to listen on; 547 unless told. Clients and relays send nowhere else. */
  readonly port?: number;
  /** Seconds an address is good for; two hours unless told. */
  readonly validSeconds?: number;
  /** Milliseconds since 1970; Date.now unless told. */
  now?(): number;
}
