import type { ZoneBuilder } from './zone-builder.ts';

/**
 * Where one zone lies below another (networks `site` and `lab.site`) the upper one says who serves the lower, with the
 * server's address when its name lies in the lower zone (RFC 1034 §4.2.1). Needs the zones' name servers.
 */
export function delegate(zones: readonly ZoneBuilder[]): void {
  const byName = new Map(zones.map((builder) => [builder.zone.name.toLowerCase(), builder]));
  for (const { zone } of zones) {
    const parent = parentOf(zone.name, byName);
    if (parent === undefined) continue;
    parent.add({ name: relative(zone.name, parent.zone.name), type: 'NS', value: zone.nameserver });
    if (!isBelow(zone.nameserver, zone.name)) continue;
    const host = relative(zone.nameserver, zone.name).toLowerCase();
    for (const record of zone.records.filter(({ name, type }) => name.toLowerCase() === host && (type === 'A' || type === 'AAAA'))) {
      parent.add({ ...record, name: relative(zone.nameserver, parent.zone.name) });
    }
  }
}

/** The nearest zone above. */
function parentOf(name: string, byName: ReadonlyMap<string, ZoneBuilder>): ZoneBuilder | undefined {
  const [, ...above] = name.toLowerCase().split('.');
  for (let at = 0; at < above.length; at++) {
    const found = byName.get(above.slice(at).join('.'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isBelow(name: string, zone: string): boolean {
  return name.toLowerCase().endsWith(`.${zone.toLowerCase()}`);
}

function relative(name: string, zone: string): string {
  return name.slice(0, -zone.length - 1);
}
