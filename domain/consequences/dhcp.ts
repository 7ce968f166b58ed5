import { addressAt } from '../addresses.ts';
import { dynamicRange, isProvisioned } from '../ip-pool.ts';
import { BMC, interfacesOf } from '../node-network.ts';
import type { Site } from '../site.ts';
import { counted, some } from './words.ts';

/** What DHCP would answer otherwise: networks served, their dynamic ranges, reservations of MACs. */
export function dhcpConsequences(before: Site, after: Site): string[] {
  return [...servedOtherwise(before, after), ...reservations(before, after)];
}

function servedOtherwise(before: Site, after: Site): string[] {
  const sentences: string[] = [];
  const ids = new Set([...before.networks.keys(), ...after.networks.keys()]);
  for (const id of ids) {
    const [old, now] = [rangeServed(before, id), rangeServed(after, id)];
    const name = (after.networks.get(id) ?? before.networks.get(id))?.name ?? id;
    if (old === now) continue;
    if (old === null) sentences.push(`DHCP and network boot are answered in network ${name}, unknown machines get ${now ?? ''}.`);
    else if (now === null) sentences.push(`DHCP and network boot are no longer answered in network ${name}.`);
    else sentences.push(`DHCP: unknown machines in network ${name} get ${now} instead of ${old}.`);
  }
  return sentences;
}

/** The range for unknown machines of a network that is served; null when it isn't. */
function rangeServed(site: Site, id: string): string | null {
  const network = site.networks.get(id);
  if (!network || !isProvisioned(network, site.cluster)) return null;
  const range = dynamicRange(network);
  return range === null ? 'no address' : `${addressAt(network, range.start)}–${addressAt(network, range.end)}`;
}

function reservations(before: Site, after: Site): string[] {
  const [old, now] = [reserved(before), reserved(after)];
  const come = [...now].filter(([key]) => !old.has(key)).map(([, text]) => text);
  const change = [...now].flatMap(([key, text]) => old.has(key) && old.get(key) !== text ? [`${old.get(key) ?? ''} → ${text}`] : []);
  const go = [...old].filter(([key]) => !now.has(key)).map(([, text]) => text);
  return [
    ...come.length === 0 ? [] : [`DHCP: ${counted(come.length, 'reservation is', 'reservations are')} added: ${some(come)}.`],
    ...change.length === 0 ? [] : [`DHCP: ${counted(change.length, 'reservation changes', 'reservations change')}: ${some(change)}.`],
    ...go.length === 0 ? [] : [`DHCP: ${counted(go.length, 'reservation goes', 'reservations go')}: ${some(go)}.`],
  ];
}

/** Reservations by MAC and network, as `node001 52:54:00:00:00:01 10.30.0.1`. */
function reserved(site: Site): Map<string, string> {
  const found = new Map<string, string>();
  for (const [nodeId, macs] of site.macsOf) {
    const node = site.nodes.get(nodeId);
    if (!node || !site.groups.has(node.group)) continue;
    for (const { name, network, ip } of interfacesOf(site, node)) {
      if (name === BMC || network === null || ip === null || !isProvisioned(network, site.cluster)) continue;
      for (const mac of macs) if (!found.has(`${network._id} ${mac}`)) found.set(`${network._id} ${mac}`, `${node.name} ${mac} ${ip}`);
    }
  }
  return found;
}
