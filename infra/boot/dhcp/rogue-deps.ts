import type { RogueServer } from '../../../domain/rogue-server.ts';
import type { Log } from '../../log.ts';
import type { ClientPortSocket } from '../client-port-socket.ts';
import type { Meter } from '../../meter.ts';
import type { ProvisioningInterface } from '../provisioning-interface.ts';

/** What noticing other DHCP servers needs. */
export interface RogueDeps {
  /** The interfaces of now; asked at every look. */
  interfaces(): readonly ProvisioningInterface[];
  /** Whether an address is one of this controller's. */
  isOurs(ip: string): boolean;
  /** Hears the port of clients on a device. Throws SystemCallError. */
  open(device: string): ClientPortSocket;
  /** Those that were kept when the process began. */
  load(): Promise<readonly RogueServer[]>;
  /** Keeps one, in place of what was kept of it. */
  keep(rogue: RogueServer): Promise<void>;
  /** Forgets one. */
  forget(id: string): Promise<void>;
  /** The name of a network, for people. */
  nameOf(networkId: string): string | undefined;
  readonly meter: Meter;
  readonly log: Log;
  /** Milliseconds between two questions; ten seconds unless told. */
  readonly askMs?: number;
  /** Milliseconds since 1970; Date.now unless told. */
  now?(): number;
}

/** A DHCP server that was heard of. */
export type RogueSign = Pick<RogueServer, 'networkId' | 'device' | 'server' | 'mac' | 'sign' | 'offered'>;
