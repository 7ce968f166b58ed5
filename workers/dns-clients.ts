import { networkInterfaces } from 'node:os';
import { isIPv4 } from 'node:net';
import { holds, parseIp, subnetOf } from '../domain/subnet.ts';
import type { Site } from '../domain/site.ts';
import type { ClientFacts } from '../infra/boot/dns/deps.ts';

/** Clients whose answer is remembered. */
const REMEMBERED = 20_000;

/** Tells of each client what it is to this site; addresses are compared once and remembered until the site changes. */
export function dnsClients(): (site: Site, address: string) => ClientFacts {
  let known = new Map<string, ClientFacts>();
  let of: Pick<Site, 'networks' | 'cluster'> | null = null;
  return (site, address) => {
    if (of?.networks !== site.networks || of.cluster !== site.cluster) {
      known = new Map();
      of = site;
    }
    const found = known.get(address) ?? factsOf(site, address);
    if (known.size >= REMEMBERED) known.clear();
    known.set(address, found);
    return found;
  };
}

function factsOf(site: Site, address: string): ClientFacts {
  const plain = withoutScope(address);
  const ip = parseIp(plain);
  const isOwn = [...site.networks.values()].some((network) => holds(subnetOf(network), ip)) || ownAddresses().has(plain);
  return { isOwn, isSecondary: site.cluster?.dns_secondaries.some((one) => sameAddress(one, plain)) ?? false };
}

/** Where names are answered: the addresses of this machine that lie in a network of the site. */
export function dnsAddresses(site: Site): string[] {
  const networks = [...site.networks.values()].map(subnetOf);
  return [...ownAddresses()].filter((address) => networks.some((network) => holds(network, parseIp(address))));
}

/** The forwarders but this machine itself, which would ask itself for ever. */
export function forwardersOf(site: Site): string[] {
  const own = new Set(dnsAddresses(site));
  return (site.cluster?.dns_forwarders ?? []).filter((server) => !own.has(server));
}

function ownAddresses(): Set<string> {
  return new Set(Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => withoutScope(address))));
}

function withoutScope(address: string): string {
  return address.replace(/%.*$/, '');
}

function sameAddress(one: string, other: string): boolean {
  if (one === other) return true;
  return isIPv4(one) === isIPv4(other) && parseIp(one).value === parseIp(other).value;
}
