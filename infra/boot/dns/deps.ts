import type { Seen } from '../../../domain/boot-record.ts';
import type { Log } from '../../log.ts';
import type { Meter } from '../../meter.ts';
import type { ServedZones } from './answer.ts';

/** What a client is to the site. */
export interface ClientFacts {
  /** Its address lies in a network of the site, or is the controller's own. */
  isOwn: boolean;
  /** It is a secondary that was named. */
  isSecondary: boolean;
}

/** What the DNS service needs. */
export interface DnsDeps {
  /** The addresses of this controller that it listens on, by UDP and TCP; asked for again at `reconcile`. */
  addresses(): readonly string[];
  /** 53. */
  port: number;
  /** The zones as they are now. */
  zones(): ServedZones;
  client(address: string): ClientFacts;
  /** Addresses of servers that own clients' other questions are given to; none: such questions are refused. */
  forwarders(): readonly string[];
  /** Queries per second that one client may keep up. */
  rate: number;
  log: Log;
  meter: Meter;
  seen: Seen;
}

/** The service, running. */
export interface DnsService {
  /** Where it listens, for people. */
  readonly addresses: string[];
  /** Asks for its addresses again. */
  reconcile(): Promise<void>;
  stop(): Promise<void>;
}
