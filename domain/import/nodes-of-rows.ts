import { isMac, parseMac } from '../mac.ts';
import { BMC, BOOTIF } from '../node-network.ts';
import { isIp } from '../subnet.ts';
import { ImportBuilder, type ImportContext, type Imported, lunaName, unreadable } from './imported.ts';

/** A machine as a simple source tells it: a name and fields by luna's names. `ip.IF` is the address of an interface. */
export interface Row { name: string; fields: ReadonlyMap<string, string> }

/** Fields with another name for the same. */
const ALIASES: Readonly<Record<string, string>> = {
  hostname: 'name', node: 'name', ip: `ip.${BOOTIF}`, address: `ip.${BOOTIF}`, bmc: `ip.${BMC}`, bmcip: `ip.${BMC}`, bmc_ip: `ip.${BMC}`, ipmi: `ip.${BMC}`,
  hwaddr: 'mac', ethernet: 'mac', switchport: 'port', note: 'comment',
};
const FLAGS = ['localboot', 'setupbmc', 'service'] as const;
const TRUE = /^(y|yes|true|1|on)$/i;
const FALSE = /^(n|no|false|0|off)$/i;

/** The name luna has for a field of a source. */
export function fieldName(name: string): string {
  const word = name.trim().toLowerCase();
  if (/^ip[.:]/i.test(name.trim())) return `ip.${name.trim().slice(3)}`;
  return ALIASES[word] ?? word;
}

/** Nodes of rows. Their groups must be there, or be given; interfaces are those of the group. */
export function importRows(rows: readonly Row[], context: ImportContext): Imported {
  const build = new ImportBuilder();
  for (const { name: written, fields } of rows) {
    const name = lunaName(written);
    if (name !== written) build.note('node', name, 'name', `'${written}' is no name luna takes`);
    const group = fields.get('group') || context.group;
    if (group === undefined) throw unreadable(`node ${name}`, 'the source does not say which group it is in: give one with --group GROUP');
    if (build.hasNode(name)) build.note('node', name, '', 'it is told twice: the last counts');
    addNode(build, name, group, fields, context);
  }
  return build.done();
}

function addNode(build: ImportBuilder, name: string, group: string, fields: ReadonlyMap<string, string>, { site }: ImportContext): void {
  const addresses: Record<string, string> = {};
  const flags: Record<string, boolean> = {};
  const macs: string[] = [];
  const left: string[] = [];
  const interfaces = site.groups?.[group]?.interfaces ?? {};
  for (const [field, value] of fields) {
    if (value === '' || ['group', 'name', 'switch', 'port', 'comment'].includes(field)) continue;
    if (field === 'mac') macs.push(...readMacs(value, (why) => { build.note('node', name, 'mac', why); }));
    else if (field.startsWith('ip.')) {
      const iface = field.slice(3);
      if (!isIp(value)) build.note('node', name, field, `'${value}' is no address`);
      else if (site.groups?.[group] && !(iface in interfaces)) build.note('node', name, field, `group ${group} has no interface ${iface}`);
      else addresses[iface] = value;
    } else if ((FLAGS as readonly string[]).includes(field) && (TRUE.test(value) || FALSE.test(value))) flags[field] = TRUE.test(value);
    else left.push(`${field}=${value}`);
  }
  for (const one of left) build.note('node', name, one.slice(0, one.indexOf('=')), 'luna has no such field: kept in the comment');
  build.node(name, {
    shared: {
      group, switch: fields.get('switch') || undefined,
      ...(flags['localboot'] === true ? { localboot: true } : {}), ...(flags['setupbmc'] === false ? { setupbmc: false } : {}), ...(flags['service'] === true ? { service: true } : {}),
      comment: [fields.get('comment') ?? '', ...left].filter((text) => text !== '').join('; ') || undefined,
    },
    port: fields.get('port') || undefined, addresses, macs,
  });
}

/** MACs separated by commas, spaces or bars. */
export function readMacs(text: string, refuse: (why: string) => void): string[] {
  return text.split(/[\s,|]+/).filter((part) => part !== '').flatMap((part) => {
    if (isMac(part)) return [parseMac(part)];
    refuse(`'${part}' is no MAC address`);
    return [];
  });
}
