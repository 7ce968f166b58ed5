import { BMC } from '../node-network.ts';
import { isIp } from '../subnet.ts';
import { type ImportContext, type Imported, unreadable } from './imported.ts';
import { KnownNetworks } from './known-networks.ts';
import { importRows, type Row } from './nodes-of-rows.ts';

/** What sites put behind a node's name for its management controller. */
const BMC_SUFFIX = /[-.]?(bmc|ipmi|ilo|drac|idrac|imm|mgmt|oob)$/i;

/**
 * Nodes of an /etc/hosts: every line whose address lies in a network of the group's is an address of a node of it. The
 * interface is the one in that network; `node001-bmc` and the like are the BMC of node001.
 */
export function importHosts(text: string, context: ImportContext): Imported {
  const { site, group } = context;
  const interfaces = group === undefined ? undefined : site.groups?.[group]?.interfaces;
  if (group === undefined || !interfaces) throw unreadable('a hosts file', `it says nothing of groups: give one of the site with --group GROUP${group === undefined ? '' : ` (there is no group ${group})`}`);
  const networks = new KnownNetworks(site);
  const rows = new Map<string, Map<string, string>>();
  const notes: [string, string][] = [];
  for (const line of text.split('\n')) {
    const [ip = '', first = ''] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!isIp(ip) || first === '' || /^(127\.|::1$|fe[08]0:|ff0)/i.test(ip)) continue;
    const short = first.split('.')[0] ?? first;
    const network = networks.holding(ip);
    const wanted = Object.entries(interfaces).filter(([, one]) => network !== undefined && one.network === network).map(([iface]) => iface);
    const isBmc = BMC_SUFFIX.test(short) && BMC in interfaces;
    const iface = isBmc && wanted.includes(BMC) ? BMC : wanted.find((one) => one !== BMC) ?? wanted[0];
    if (iface === undefined) {
      notes.push([short, `${ip} lies in no network of group ${group}`]);
      continue;
    }
    const name = iface === BMC || isBmc ? short.replace(BMC_SUFFIX, '') : short;
    const fields = rows.get(name) ?? new Map<string, string>();
    rows.set(name, fields.set(`ip.${iface}`, ip));
  }
  const found: Row[] = [...rows].map(([name, fields]) => ({ name, fields }));
  const { file, notes: rest } = importRows(found, context);
  return { file, notes: [...notes.map(([name, why]) => ({ kind: 'host', name, field: '', why })), ...rest] };
}
