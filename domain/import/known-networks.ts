import type { SiteFile } from '../site-file.ts';
import { formatSubnet, holds, isIp, overlap, parseIp, type Subnet, subnetAround } from '../subnet.ts';

/** Networks by name, those that are there and those that an import makes. */
export class KnownNetworks {
  readonly #networks: { name: string; subnet: Subnet }[] = [];

  constructor(site: SiteFile) {
    for (const [name, { network }] of Object.entries(site.networks ?? {})) this.add(name, network);
  }

  /** Adds one as `10.30.0.0/16`; host bits are passed over. Returns it as it is then, or null when it is no network. */
  add(name: string, written: string): string | null {
    const [address = '', length = ''] = written.split('/');
    if (!isIp(address) || !/^\d+$/.test(length)) return null;
    const subnet = subnetAround(parseIp(address), Number(length));
    const same = this.#networks.findIndex((one) => one.name === name);
    if (same >= 0) this.#networks.splice(same, 1);
    this.#networks.push({ name, subnet });
    return formatSubnet(subnet);
  }

  /** The network that holds an address. */
  holding(ip: string): string | undefined {
    return isIp(ip) ? this.#networks.find(({ subnet }) => holds(subnet, parseIp(ip)))?.name : undefined;
  }

  /** A network that shares addresses with this one. */
  overlapping(written: string): string | undefined {
    const [address = '', length = ''] = written.split('/');
    if (!isIp(address)) return undefined;
    const subnet = subnetAround(parseIp(address), Number(length));
    return this.#networks.find((one) => overlap(one.subnet, subnet))?.name;
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    return this.#networks.some((one) => one.name === name);
  }
}

/** The prefix length of a netmask, `255.255.0.0` or `/16` or `16`; null for none. */
export function prefixOf(mask: string): number | null {
  if (/^\/?\d{1,3}$/.test(mask)) return Number(mask.replace('/', ''));
  if (!isIp(mask) || mask.includes(':')) return null;
  const bits = parseIp(mask).value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.replace(/0/g, '').length : null;
}
