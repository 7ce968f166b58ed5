import { bootConsequences } from './consequences/boots.ts';
import { dhcpConsequences } from './consequences/dhcp.ts';
import { dnsConsequences } from './consequences/dns.ts';
import { movedAddresses } from './consequences/moves.ts';
import { secretConsequences } from './consequences/secrets.ts';
import type { Site } from './site.ts';

/** Secrets that change beside the site: which kind of object, and its id. */
export interface ChangedSecret { kind: 'bmcsetup' | 'switch'; id: string }

/**
 * What follows from a change for people and machines, as sentences: addresses that move, names and reservations that come
 * and go, and which nodes would do something else at their next network boot. A change itself restarts no node.
 */
export function consequences(before: Site, after: Site, secrets: readonly ChangedSecret[] = []): string[] {
  return [
    ...movedAddresses(before, after),
    ...dnsConsequences(before, after),
    ...dhcpConsequences(before, after),
    ...bootConsequences(before, after),
    ...secretConsequences(before, after, secrets),
  ];
}
