import { addressAt } from '../addresses.ts';
import { interfacesOf } from '../node-network.ts';
import type { Site } from '../site.ts';
import { holds, parseIp, subnetOf } from '../subnet.ts';
import { counted, some } from './words.ts';

/** Addresses that are others than before, of what was there before: whoever wrote them down anywhere has to know. */
export function movedAddresses(before: Site, after: Site): string[] {
  const [old, now] = [addressBook(before), addressBook(after)];
  const moves: string[] = [];
  const lost: string[] = [];
  for (const [id, { what, ip }] of old) {
    const next = now.get(id);
    if (next?.ip === ip) continue;
    if (next) moves.push(`${what} ${ip} → ${next.ip}`);
    else if (stillThere(after, id)) lost.push(`${what} ${ip}`);
  }
  return [
    ...moves.length === 0 ? [] : [`${counted(moves.length, 'address moves', 'addresses move')}: ${some(moves)}.`],
    ...frontendLeft(before, after),
    ...lost.length === 0 ? [] : [`${counted(lost.length, 'address is', 'addresses are')} given back: ${some(lost)}.`],
  ];
}

/** The controller's own address is not luna's to change: it comes first, and then luna is told. */
function frontendLeft(before: Site, after: Site): string[] {
  const frontend = after.cluster?.frontend_address ?? null;
  if (frontend === null) return [];
  return [...after.networks.values()].flatMap((network) => {
    const old = before.networks.get(network._id);
    const left = old && holds(subnetOf(old), parseIp(frontend)) && !holds(subnetOf(network), parseIp(frontend));
    return left ? [`The frontend address ${frontend} is no longer in network ${network.name}: nodes there reach luna only once it has an address there (luna cluster change --frontend_address IP).`] : [];
  });
}

/** Every address by the id of what has it. */
function addressBook(site: Site): Map<string, { what: string; ip: string }> {
  const book = new Map<string, { what: string; ip: string }>();
  if (site.cluster?.frontend_address != null) book.set('cluster', { what: 'the frontend', ip: site.cluster.frontend_address });
  for (const one of site.switches.values()) {
    const network = site.networks.get(one.network);
    if (network) book.set(`switch/${one._id}`, { what: `switch ${one.name}`, ip: addressAt(network, one.address) });
  }
  for (const node of site.nodes.values()) {
    if (!site.groups.has(node.group)) continue;
    for (const { name, ip, ip6 } of interfacesOf(site, node)) {
      if (ip !== null) book.set(`node/${node._id}/${name}`, { what: `${node.name} ${name}`, ip });
      if (ip6 !== null) book.set(`node/${node._id}/${name}/6`, { what: `${node.name} ${name}`, ip: ip6 });
    }
  }
  for (const device of site.otherdevs.values()) {
    for (const [id, offset] of Object.entries({ ...device.addresses, ...device.addresses6 })) {
      const network = site.networks.get(id);
      if (network) book.set(`otherdev/${device._id}/${id}`, { what: `${device.name} ${network.name}`, ip: addressAt(network, offset) });
    }
  }
  return book;
}

function stillThere(site: Site, id: string): boolean {
  const [kind, owner = ''] = id.split('/');
  switch (kind) {
    case 'node': return site.nodes.has(owner);
    case 'switch': return site.switches.has(owner);
    case 'otherdev': return site.otherdevs.has(owner);
    default: return site.cluster !== null;
  }
}
