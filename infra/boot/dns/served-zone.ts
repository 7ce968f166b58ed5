import { contactOf, type Zone, ZONE_TIMES } from '../../../domain/zone.ts';
import { above, keyOf, type NameKey, wireOf } from './name.ts';
import { TYPE, typeName } from './numbers.ts';
import { addressBytes, encodeData, typeOf } from './rdata.ts';
import type { Rrset } from './rrset.ts';
import { absoluteName, readZoneText } from './zone-text.ts';

/** A zone as it is answered from. */
export interface ServedZone {
  /** Without the final dot, as declared. */
  readonly name: string;
  readonly origin: NameKey;
  readonly serial: number;
  readonly soa: Rrset;
  /** Every name in it and what there is by type, the SOA included; a name that only has names below it has nothing (RFC 4592 §2.2.2). */
  readonly names: ReadonlyMap<NameKey, ReadonlyMap<number, Rrset>>;
  /** Names below the origin from which on another server answers. */
  readonly cuts: ReadonlySet<NameKey>;
  readonly hasWildcards: boolean;
  /** Lines of the zone's own text that could not be taken, for people. */
  readonly warnings: readonly string[];
}

/** A set in the making. */
interface OpenSet extends Rrset { ttl: number; data: Uint8Array[] }
type Names = Map<NameKey, Map<number, OpenSet>>;

/** Makes a zone ready to be answered from. Records of its text that don't fit are left out and told. */
export function serveZone(zone: Zone, serial: number): ServedZone {
  const names: Names = new Map();
  const wire = wireOf(zone.name) ?? Uint8Array.of(0);
  const origin = keyOf(wire);
  const warnings: string[] = [];
  const soa: OpenSet = { key: origin, owner: wire, type: TYPE.SOA, ttl: ZONE_TIMES.ttl, data: [soaData(zone, serial)] };
  names.set(origin, new Map([[TYPE.SOA, soa]]));
  for (const { name, type, value } of zone.records) {
    const owner = wireOf(name === '@' ? zone.name : `${name}.${zone.name}`);
    const data = type === 'A' ? addressBytes(value, 4) : type === 'AAAA' ? addressBytes(value, 16) : wireOf(value);
    if (owner !== null && data !== null) addRecord(names, owner, TYPE[type], ZONE_TIMES.ttl, data);
  }
  addText(zone, origin, names, warnings);
  addEmptyNames(names, origin);
  const cuts = [...names].filter(([key, sets]) => key !== origin && sets.has(TYPE.NS)).map(([key]) => key);
  return { name: zone.name, origin, serial, soa, names, cuts: new Set(cuts), hasWildcards: [...names.keys()].some((key) => key.startsWith('\x01*')), warnings };
}

function addText(zone: Zone, origin: NameKey, names: Names, warnings: string[]): void {
  if (zone.include === '') return;
  const { records, mistakes } = readZoneText(zone.include, zone.name);
  const wrong = (line: number, reason: string): void => { warnings.push(`zone ${zone.name}, line ${line} of its own text: ${reason}`); };
  for (const { line, reason } of mistakes) wrong(line, reason);
  for (const { line, owner, ttl, type: word, words, origin: below } of records) {
    const type = typeOf(word) ?? 0;
    const wire = wireOf(owner);
    const key = wire === null ? null : keyOf(wire);
    if (wire === null || key === null || !isWithin(key, origin)) {
      wrong(line, `${owner} is no name in the zone`);
      continue;
    }
    try {
      const data = encodeData(word, words, (name) => absoluteName(name, below));
      if (!addRecord(names, wire, type, ttl ?? ZONE_TIMES.ttl, data)) wrong(line, `a CNAME stands alone, and ${owner} has something else as well (RFC 1034 §3.6.2)`);
    } catch (error) {
      wrong(line, `${owner} ${typeName(type)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function addRecord(names: Names, owner: Uint8Array, type: number, ttl: number, data: Uint8Array): boolean {
  const key = keyOf(owner);
  const sets = names.get(key) ?? new Map<number, OpenSet>();
  if (sets.size > 0 && (type === TYPE.CNAME || sets.has(TYPE.CNAME))) return false;
  names.set(key, sets);
  const set = sets.get(type);
  if (set === undefined) sets.set(type, { key, owner, type, ttl, data: [data] });
  else if (!set.data.some((one) => Buffer.compare(one, data) === 0)) {
    set.data.push(data);
    // Records of one set live equally long (RFC 2181 §5.2).
    set.ttl = Math.min(set.ttl, ttl);
  }
  return true;
}

/** Names between the origin and a record's owner exist, though nothing is known of them. */
function addEmptyNames(names: Names, origin: NameKey): void {
  for (const key of [...names.keys()]) {
    for (let name = above(key); name.length > origin.length && !names.has(name); name = above(name)) names.set(name, new Map());
  }
}

/** Whether a name is the origin or below it. */
export function isWithin(key: NameKey, origin: NameKey): boolean {
  let name = key;
  while (name.length > origin.length) name = above(name);
  return name === origin;
}

/** RFC 1035 §3.3.13. */
function soaData(zone: Zone, serial: number): Uint8Array {
  const numbers = Buffer.alloc(20);
  const { refresh, retry, expire, minimum } = ZONE_TIMES;
  for (const [i, value] of [serial, refresh, retry, expire, minimum].entries()) numbers.writeUInt32BE(value, i * 4);
  const server = wireOf(zone.nameserver) ?? Uint8Array.of(0);
  return Buffer.concat([server, wireOf(contactOf(zone)) ?? Uint8Array.of(0), numbers]);
}
