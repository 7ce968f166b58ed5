/** A machine that asked for an address: what is known of it before it is anybody's. `_id` is its MAC. */
export interface Sighting {
  _id: string;
  mac: string;
  networkId: string;
  ip: string | null;
  /** DHCP option 93 (RFC 4578), null when it sent none. */
  arch: number | null;
  /** ISO 8601. */
  firstSeen: string;
  lastSeen: string;
  /** Where it stands as far as switches tell: `switch01 port 7`; null when none knows it. */
  where: string | null;
}
