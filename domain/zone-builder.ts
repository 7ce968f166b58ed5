import type { Zone, ZoneRecord } from './zone.ts';

/** A host name by RFC 1123 §2.1; a record of another name needs a server that does not look. */
const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** A zone in the making. */
export interface ZoneBuilder {
  readonly zone: Zone;
  /** Adds a record; false when an object before has the name with another address, or the name is no domain name. */
  add(record: ZoneRecord): boolean;
  /** Whether any record has this owner name. */
  has(name: string): boolean;
}

/** Begins a zone: empty, without a name server. */
export function zoneBuilder(name: string, direction: Zone['direction']): ZoneBuilder {
  const zone: Zone = { name, direction, nameserver: '', records: [], include: '', strict: true };
  const values = new Map<string, string>();
  const owners = new Set<string>();
  return {
    zone,
    add(record) {
      if (!isDomainName(record.name) || !isDomainName(record.value)) return false;
      const owner = record.name.toLowerCase();
      const key = `${owner} ${record.type}`;
      const before = values.get(key);
      if (before !== undefined) return before === record.value;
      if (record.type === 'CNAME' && owners.has(owner)) return false;
      values.set(key, record.value);
      owners.add(owner);
      zone.records.push(record);
      if (!HOST_NAME.test(record.type === 'PTR' ? record.value : `${record.name}.${name}`)) zone.strict = false;
      return true;
    },
    has: (name) => owners.has(name.toLowerCase()),
  };
}

/** Whether the labels are of a length DNS can carry (RFC 1035 §2.3.4). */
function isDomainName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => label.length >= 1 && label.length <= 63) || /:/.test(name);
}
