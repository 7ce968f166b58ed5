import type { Traced } from '../domain/boot-trace.ts';
import { utcText } from '../domain/utc-text.ts';

/** The columns of a boot's records. */
export const TRACE_COLUMNS = [
  { title: 'Time', field: 'at', cell: ({ at }: Traced): unknown => clock(at) },
  { title: 'Service', field: 'service', cell: ({ service }: Traced): unknown => service },
  { title: 'Saw', field: 'saw', cell: ({ saw }: Traced): unknown => saw },
  { title: 'Answered', field: 'answered', cell: ({ answered }: Traced): unknown => answered },
  { title: 'Why', field: 'why', cell: ({ why }: Traced): unknown => why },
];

/** What `-o wide` shows besides. */
export const TRACE_WIDE = [
  { title: 'MAC', field: 'mac', cell: ({ mac }: Traced): unknown => mac },
  { title: 'IP', field: 'ip', cell: ({ ip }: Traced): unknown => ip },
  { title: 'Facts', field: 'facts', cell: ({ facts }: Traced): unknown => Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`) },
];

/** A record as a line: `10:31:07.120 dhcp      DISCOVER -> OFFER 10.30.0.1 (reserved for node001)`. */
export function traceLine({ at, service, saw, answered, why }: Traced): string {
  return printable(`${clock(at)} ${service.padEnd(9)} ${saw} -> ${answered ?? 'nothing'}${why === '' ? '' : ` (${why})`}`);
}

/** What stands above the records of one boot: `Boot 2 of 3, 2026-01-01 10:31:07, 52:54:00:00:00:01`. */
export function attemptTitle(records: readonly Traced[], place: number, all: number): string {
  const [first] = records;
  const macs = [...new Set(records.flatMap(({ mac }) => mac ?? []))];
  return [`Boot ${place} of ${all}`, first === undefined ? '' : utcText(first.at), ...macs].join(', ');
}

const clock = (at: string): string => at.slice(11, 23);

/** What a machine sent may hold what a terminal would obey. */
function printable(line: string): string {
  // eslint-disable-next-line no-control-regex
  return line.replaceAll(/[\u0000-\u001f\u007f]/g, '?');
}
