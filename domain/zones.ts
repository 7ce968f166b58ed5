import type { Network } from './network.ts';
import { reverseName, reverseZonesOf } from './reverse-name.ts';
import type { Site } from './site.ts';
import { type ZoneBuilder, zoneBuilder } from './zone-builder.ts';
import { delegate } from './zone-delegation.ts';
import { type Member, membersOf } from './zone-members.ts';
import { isAbsolute, nameserverOf } from './zone-nameserver.ts';
import type { Zone, Zones } from './zone.ts';

/** A network with the zone of its name and the reverse zones of its addresses. */
interface Part { network: Network; forward: ZoneBuilder; reverse: ZoneBuilder[] }

/**
 * The zones of a site: one forward zone for each network, named like it, and reverse zones that networks share where they
 * lie in the same /24 (/124). The same site gives the same zones in the same order.
 */
export function zonesOf(site: Site): Zones {
  const warnings: string[] = [];
  const zones = new Map<string, ZoneBuilder>();
  const zoneNamed = (name: string, direction: Zone['direction']): ZoneBuilder => {
    const key = name.toLowerCase();
    const found = zones.get(key) ?? zoneBuilder(name, direction);
    zones.set(key, found);
    return found;
  };
  const parts = new Map([...site.networks.values()].map((network): [string, Part] => {
    const reverse = reverseZonesOf(network.network, network.prefix).map((name) => zoneNamed(name, 'reverse'));
    return [network._id, { network, forward: zoneNamed(network.name, 'forward'), reverse }];
  }));
  addServers(site, parts);
  addMembers(site, parts, zones, warnings);
  nameServers(site, parts, warnings);
  for (const { network, forward, reverse } of parts.values()) {
    append(forward, network.include);
    append(reverse[0], network.rev_include);
  }
  const all = [...zones.values()];
  delegate(all);
  return { zones: all.map(({ zone }) => zone).sort((a, b) => (a.name < b.name ? -1 : 1)), warnings };
}

/** The servers' own addresses come first: no other object may take their names. */
function addServers(site: Site, parts: ReadonlyMap<string, Part>): void {
  for (const { network, forward } of parts.values()) {
    const { host, address } = nameserverOf(network, site.cluster);
    if (address !== null && !isAbsolute(host)) addAddress(forward, host, address);
  }
}

function addMembers(site: Site, parts: ReadonlyMap<string, Part>, zones: ReadonlyMap<string, ZoneBuilder>, warnings: string[]): void {
  const aliases: (() => void)[] = [];
  for (const { network, address, names, whose } of withServers(site, parts)) {
    for (const { zone, name, alias } of names) {
      const forward = parts.get(zone._id)?.forward;
      if (forward === undefined) continue;
      if (!addAddress(forward, name, address)) warnings.push(`${whose}: ${name}.${zone.name} is no name DNS can carry, or another object's; ${address} has no name there`);
      if (alias !== null) aliases.push(() => { forward.add({ name: alias, type: 'CNAME', value: `${name}.${forward.zone.name}` }); });
    }
    const [first] = names;
    const at = reverseName(address, network.prefix);
    if (first !== undefined) zones.get(at.zone)?.add({ name: at.name, type: 'PTR', value: `${first.name}.${parts.get(first.zone._id)?.forward.zone.name ?? first.zone.name}` });
  }
  for (const add of aliases) add();
}

/** Members, then the servers: an address of both is told by the member's name. */
function* withServers(site: Site, parts: ReadonlyMap<string, Part>): Iterable<Member> {
  yield* membersOf(site);
  for (const { network } of parts.values()) {
    const { host, address } = nameserverOf(network, site.cluster);
    if (address === null || isAbsolute(host)) continue;
    yield { network, address, names: [{ zone: network, name: host, alias: null }], whose: `name server of network ${network.name}` };
  }
}

function addAddress(zone: ZoneBuilder, name: string, address: string): boolean {
  return zone.add({ name, type: address.includes(':') ? 'AAAA' : 'A', value: address });
}

/** A zone whose own server has no address is told that of the controller's network, or of the first that has one. */
function nameServers(site: Site, parts: ReadonlyMap<string, Part>, warnings: string[]): void {
  const own = new Map([...parts.values()].flatMap(({ network, forward }): [Network, string][] => {
    const { host } = nameserverOf(network, site.cluster);
    if (isAbsolute(host)) return [[network, host]];
    return forward.has(host) ? [[network, `${host}.${forward.zone.name}`]] : [];
  }));
  const home = [...own.keys()].find((network) => nameserverOf(network, site.cluster).address === site.cluster?.frontend_address) ?? [...own.keys()][0];
  for (const { network, forward, reverse } of parts.values()) {
    const server = own.get(network) ?? (home === undefined ? undefined : own.get(home));
    if (server === undefined) warnings.push(`network ${network.name}: its zones have no name server: luna network change ${network.name} --ns_hostname NAME --ns_ip IP`);
    for (const { zone } of [forward, ...reverse]) serve(zone, server ?? 'localhost');
  }
}

/** A zone that several networks share keeps the server of the first. */
function serve(zone: Zone, server: string): void {
  if (zone.nameserver !== '') return;
  zone.nameserver = server;
  zone.records.unshift({ name: '@', type: 'NS', value: server });
}

function append(builder: ZoneBuilder | undefined, text: string): void {
  if (builder === undefined || text.trim() === '') return;
  builder.zone.include += `${text.trimEnd()}\n`;
}
