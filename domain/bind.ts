import { contactOf, type Zone, ZONE_TIMES, type ZoneRecord } from './zone.ts';

/** The first line of every file luna writes for BIND; files without it are somebody else's. */
export const BIND_MARK = 'Written by luna cluster makedns; changes made here are lost.';

/** The file a zone is kept in: `cluster.luna.zone`, as Luna 1 named them. */
export const zoneFileName = (zone: Pick<Zone, 'name'>): string => `${zone.name.toLowerCase()}${ZONE_FILE_ENDING}`;

/** What the names of luna's zone files end in. */
export const ZONE_FILE_ENDING = '.luna.zone';

/** A zone in the form of RFC 1035 §5. The site's own text comes last, for it may change the origin. */
export function zoneFile(zone: Zone, serial: number): string {
  const { ttl, refresh, retry, expire, minimum } = ZONE_TIMES;
  const head = [
    `; ${BIND_MARK}`,
    `$ORIGIN ${zone.name}.`,
    `$TTL ${ttl}`,
    `@ IN SOA ${zone.nameserver}. ${contactOf(zone)}. (`,
    `  ${serial} ; serial`,
    `  ${refresh} ; refresh`,
    `  ${retry} ; retry`,
    `  ${expire} ; expire`,
    `  ${minimum} ) ; minimum`,
  ];
  const own = zone.include === '' ? [] : ['; of the network itself (luna network change NETWORK --include, --rev_include):', zone.include.trimEnd()];
  return `${[...head, ...zone.records.map(recordLine), ...own].join('\n')}\n`;
}

/** The serial of a zone file as {@link zoneFile} writes it; null when there is none. */
export function serialIn(text: string): number | null {
  const found = /^\s*(\d{1,10}) ; serial$/m.exec(text);
  return found === null ? null : Number(found[1]);
}

function recordLine({ name, type, value }: ZoneRecord): string {
  return `${name} IN ${type} ${type === 'A' || type === 'AAAA' ? value : `${value}.`}`;
}

/** How BIND is to serve the zones. */
export interface NamedOptions {
  /** Where the zone files are; absolute. */
  zoneDir: string;
  /** Addresses of secondaries: they are notified and may fetch the zones. Nobody else may. */
  transferTo: readonly string[];
}

/** What named.conf includes: one statement for each zone. */
export function namedInclude(zones: readonly Zone[], { zoneDir, transferTo }: NamedOptions): string {
  const secondaries = transferTo.map((address) => ` ${address};`).join('');
  const statements = zones.map((zone) => [
    `zone "${zone.name.toLowerCase()}" IN {`,
    '  type master;',
    `  file "${zoneDir}/${zoneFileName(zone)}";`,
    '  allow-update { none; };',
    `  allow-transfer {${secondaries === '' ? ' none;' : secondaries} };`,
    ...(secondaries === '' ? [] : [`  also-notify {${secondaries} };`]),
    ...(zone.strict ? [] : ['  check-names ignore;']),
    '};',
  ].join('\n'));
  return `${[`// ${BIND_MARK}`, ...statements].join('\n')}\n`;
}
