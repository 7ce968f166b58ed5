import { above, keyOf, type NameKey } from './name.ts';
import { RCODE, TYPE } from './numbers.ts';
import type { Question } from './packet.ts';
import type { Rrset } from './rrset.ts';
import { isWithin, type ServedZone } from './served-zone.ts';
import { ZONE_TIMES } from '../../../domain/zone.ts';

/** The zones that are answered from, by origin. */
export type ServedZones = ReadonlyMap<NameKey, ServedZone>;

/** What the zones say to a question. */
export interface Answer {
  rcode: number;
  /** Whether the zones have the word on the name that was asked for; not below a cut. */
  authoritative: boolean;
  answer: Rrset[];
  authority: Rrset[];
  additional: Rrset[];
  /** The name in no zone of these that the last CNAME means; whoever may ask us for anything is told more about it. */
  elsewhere: Uint8Array | null;
}

/** CNAMEs followed for one question; a loop has no end. */
const LONGEST_CHAIN = 8;

/** The zone a name lies in: the lowest, where one lies below another. Undefined when there is none. */
export function zoneOf(zones: ServedZones, key: NameKey): ServedZone | undefined {
  for (let name = key; ; name = above(name)) {
    const zone = zones.get(name);
    if (zone !== undefined || name === '') return zone;
  }
}

/** Answers a question from the zones (RFC 1034 §4.3.2); null when the name lies in none of them. */
export function answerFrom(zones: ServedZones, { key: asked, name, type }: Pick<Question, 'key' | 'name' | 'type'>): Answer | null {
  const first = homeOf(zones, asked, type);
  if (first === undefined) return null;
  const answer: Answer = { rcode: RCODE.NOERROR, authoritative: true, answer: [], authority: [], additional: [], elsewhere: null };
  let [zone, key, owner]: [ServedZone, NameKey, Uint8Array] = [first, asked, name];
  for (let step = 0; step <= LONGEST_CHAIN; step++) {
    const cut = cutAbove(zone, key);
    if (cut !== null && !(type === TYPE.DS && cut === key)) return referred(answer, zones, zone, cut);
    const sets = zone.names.get(key) ?? wildcard(zone, key);
    if (sets === null) return denied(answer, zone, RCODE.NXDOMAIN);
    const alias = type === TYPE.CNAME || type === TYPE.ANY ? undefined : sets.get(TYPE.CNAME);
    if (alias === undefined) return found(answer, zones, zone, sets, { key, owner, type });
    answer.answer.push(ownedBy(alias, key, owner));
    owner = alias.data[0] ?? Uint8Array.of(0);
    key = keyOf(owner);
    const next = zoneOf(zones, key);
    if (next === undefined) return { ...answer, elsewhere: owner };
    zone = next;
  }
  return { ...answer, rcode: RCODE.SERVFAIL };
}

/** What a cut says of the zone below stands in the zone above: a DS is asked for there (RFC 4035 §3.1.4.1). */
function homeOf(zones: ServedZones, key: NameKey, type: number): ServedZone | undefined {
  const zone = zoneOf(zones, key);
  return type === TYPE.DS && zone?.origin === key && key !== '' ? zoneOf(zones, above(key)) ?? zone : zone;
}

function found(answer: Answer, zones: ServedZones, zone: ServedZone, sets: ReadonlyMap<number, Rrset>, asked: { key: NameKey; owner: Uint8Array; type: number }): Answer {
  // To ANY one set is enough of an answer, and no lever for floods (RFC 8482 §4.1).
  const set = asked.type === TYPE.ANY ? sets.values().next().value : sets.get(asked.type);
  if (set === undefined) return denied(answer, zone, RCODE.NOERROR);
  answer.answer.push(ownedBy(set, asked.key, asked.owner));
  addAddresses(answer, zones, set);
  return answer;
}

/** There is nothing: the SOA says so, and how long that holds (RFC 2308 §3). */
function denied(answer: Answer, { soa }: ServedZone, rcode: number): Answer {
  answer.rcode = rcode;
  answer.authority.push({ ...soa, ttl: Math.min(soa.ttl, ZONE_TIMES.minimum) });
  return answer;
}

function referred(answer: Answer, zones: ServedZones, zone: ServedZone, cut: NameKey): Answer {
  const servers = zone.names.get(cut)?.get(TYPE.NS);
  answer.authoritative = answer.answer.length > 0;
  if (servers === undefined) return answer;
  answer.authority.push(servers);
  addAddresses(answer, zones, servers);
  return answer;
}

/** The highest name from the origin down to this one that another server answers for. */
function cutAbove({ cuts, origin }: ServedZone, key: NameKey): NameKey | null {
  let highest: NameKey | null = null;
  if (cuts.size > 0) for (let name = key; name.length > origin.length; name = above(name)) if (cuts.has(name)) highest = name;
  return highest;
}

/** RFC 4592 §3.3.1: that of the nearest name above which exists. */
function wildcard({ names, hasWildcards, origin }: ServedZone, key: NameKey): ReadonlyMap<number, Rrset> | null {
  if (!hasWildcards || key.length <= origin.length) return null;
  let name = above(key);
  while (name.length > origin.length && !names.has(name)) name = above(name);
  return names.get(`\x01*${name}`) ?? null;
}

/** A set under the name it was asked by: a wildcard's is another. */
function ownedBy(set: Rrset, key: NameKey, owner: Uint8Array): Rrset {
  return set.key === key ? set : { ...set, key, owner };
}

/** Where a name's server is told, its addresses save a question (RFC 1035 §3.3, RFC 2782). */
function addAddresses({ additional }: Answer, zones: ServedZones, { type, data }: Rrset): void {
  const skip = type === TYPE.NS ? 0 : type === TYPE.MX ? 2 : type === TYPE.SRV ? 6 : null;
  if (skip === null) return;
  for (const one of data) {
    const key = keyOf(one.subarray(skip));
    const zone = zoneOf(zones, key);
    // Below a cut what is known of a server is glue.
    const sets = zone !== undefined && isWithin(key, zone.origin) ? zone.names.get(key) : undefined;
    for (const family of [TYPE.A, TYPE.AAAA]) {
      const set = sets?.get(family);
      if (set !== undefined) additional.push(set);
    }
  }
}
