/** One resource record of a zone. */
export interface ZoneRecord {
  /** Owner relative to the zone; `@` is the zone itself. */
  name: string;
  type: 'A' | 'AAAA' | 'PTR' | 'CNAME' | 'NS';
  /** An address, or an absolute domain name without its final dot. */
  value: string;
}

/** A DNS zone as data: what a server answers from and what zone files are rendered from. The SOA follows from `nameserver`. */
export interface Zone {
  /** Without the final dot: `cluster`, `30.10.in-addr.arpa`. */
  name: string;
  direction: 'forward' | 'reverse';
  /** Absolute name of the primary server, without the final dot. */
  nameserver: string;
  /** The NS record of the zone comes first. */
  records: ZoneRecord[];
  /** Zone file text of the site's own, put behind the records as it is. */
  include: string;
  /** Whether every host in it has a host name by RFC 1123; BIND refuses others unless it is told not to look. */
  strict: boolean;
}

/** All zones of a site, by name, and what could not be put into them. */
export interface Zones { zones: Zone[]; warnings: string[] }

/** Seconds: records live for an hour, so that a renumbered node is found again soon (RFC 1035 §3.3.13, RFC 2308 for `minimum`). */
export const ZONE_TIMES = { ttl: 3600, refresh: 3600, retry: 600, expire: 604_800, minimum: 300 } as const;

/** The mailbox of a zone's SOA, as a domain name. */
export const contactOf = (zone: Pick<Zone, 'nameserver'>): string => `root.${zone.nameserver}`;

/** What `GET /zones` answers. `changedAt`: when anything of the site was changed last, ISO 8601; a serial follows from it. */
export interface ZonesView extends Zones { changedAt: string }
