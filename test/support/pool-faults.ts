import { misfitsOf } from '../../domain/address-fit.ts';
import { lastOffset } from '../../domain/addresses.ts';
import { networkAddresses } from '../../domain/network-addresses.ts';
import { claimsOf } from '../../domain/site-claims.ts';
import type { Site } from '../../domain/site.ts';
import { parseIp } from '../../domain/subnet.ts';
import type { Store } from '../../infra/store/connect.ts';
import type { StoredClaim } from '../../infra/store/pending-claims.ts';
import { siteWithin } from '../../infra/store/site.ts';
import { inTransaction } from '../../infra/store/transaction.ts';

/** The site and every claim, as of one moment. */
export function poolsNow(store: Store): Promise<{ site: Site; claims: StoredClaim[] }> {
  return inTransaction(store, async (session) => ({
    site: await siteWithin(store, session),
    claims: await store.db.collection<StoredClaim>('claims').find({}, { session }).toArray(),
  }));
}

/** What is wrong with pools: something that two have, that is nobody's and not free, or that somebody has without having taken it. */
export function poolFaults({ site, claims }: { site: Site; claims: readonly StoredClaim[] }): string[] {
  const faults: string[] = [];
  const claimed = new Map(claims.map(({ _id, owner }) => [_id, owner]));
  const held = new Map<string, string>();
  for (const { id, owner, what, kind, name } of claimsOf(site)) {
    if (held.has(id)) faults.push(`${what} is had by ${held.get(id) ?? ''} and by ${kind} ${name}`);
    held.set(id, `${kind} ${name}`);
    if (claimed.get(id) !== owner) faults.push(`${what} of ${kind} ${name} is claimed by ${claimed.get(id) ?? 'nobody'}`);
  }
  for (const [id, owner] of claimed) if (!held.has(id)) faults.push(`${id} is claimed by ${owner}, which has not got it: it is lost`);
  return [...faults, ...[...site.nodes.values()].flatMap((node) => [...misfitsOf(site, node)]), ...lostAddresses(site)];
}

/** What is had, what is free and what is kept for unknown machines are together the whole network. */
function* lostAddresses(site: Site): Generator<string> {
  for (const network of site.networks.values()) {
    const { members, free, dynamic } = networkAddresses(site, network);
    const size = ({ start, end }: { start: string; end: string }): bigint => parseIp(end).value - parseIp(start).value + 1n;
    const inRange = (ip: string): boolean => dynamic !== null && parseIp(ip).value >= parseIp(dynamic.start).value && parseIp(ip).value <= parseIp(dynamic.end).value;
    const sum = free.reduce((all, range) => all + size(range), 0n) + BigInt(members.filter(({ ip }) => !inRange(ip)).length) + (dynamic ? size(dynamic) : 0n);
    if (sum !== lastOffset(network)) yield `network ${network.name} has ${lastOffset(network)} addresses, of which ${sum} are accounted for`;
  }
}
