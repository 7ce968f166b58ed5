import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { bootSettingsOf } from '../domain/boot-settings.ts';
import { isProvisioned } from '../domain/ip-pool.ts';
import { isIpv6, parseIpv6 } from '../domain/ipv6.ts';
import type { Network } from '../domain/network.ts';
import { BMC, domainOf, interfacesOf } from '../domain/node-network.ts';
import type { Site } from '../domain/site.ts';
import { holds, parseIp, subnetOf, versionOf } from '../domain/subnet.ts';
import type { ProvisioningNetwork6, Reservation6 } from '../infra/boot/dhcp6/deps.ts';
import { type Advertised, nothing } from '../infra/boot/ra/packet.ts';
import type { AdvertisingInterface } from '../infra/boot/ra/server.ts';
import { bootWishes } from './boot-wishes.ts';

/** A device of this machine with its own address in a network. */
interface Standing { readonly device: string; readonly address: string; readonly network: Network }

/**
 * The IPv6 networks declared for provisioning, with the device of this machine on each; without one where it has none.
 * Where a network names no name server and luna answers names (`servesDns`), machines are told this machine.
 */
export function provisioningNetworks6(site: Site, servesDns: boolean): ProvisioningNetwork6[] {
  const standing = standingIn(site);
  return provisioned(site).filter(givesAddresses).flatMap((network): ProvisioningNetwork6[] => {
    const { _id: id, dns, search, name } = network;
    const common = { id, subnet: subnetOf(network), dns: dns.filter(isIpv6).map(parseIpv6), search: [name, ...search] };
    const ownDns = (address: string): bigint[] => common.dns.length === 0 && servesDns ? [parseIpv6(address)] : common.dns;
    const here = standing.filter((one) => one.network === network);
    return here.length === 0 ? [{ ...common, device: null, address: null }] : here.map(({ device, address }) => ({ ...common, device, address, dns: ownDns(address) }));
  });
}

/** This machine's devices and IPv6 addresses in provisioning networks, as TFTP and HTTP want them. */
export function interfaces6(site: Site): { name: string; address: string }[] {
  return standingIn(site).map(({ device, address }) => ({ name: device, address }));
}

/** What is advertised on each provisioning device: its IPv6 networks, or that there is nothing to be had on one of IPv4 alone. */
export function advertisingInterfaces(site: Site, ipv4: readonly { readonly name: string }[], servesDns: boolean): AdvertisingInterface[] {
  const standing = standingIn(site).filter(({ network }) => givesAddresses(network));
  const networks = provisioningNetworks6(site, servesDns);
  const devices = new Set([...standing.map(({ device }) => device), ...ipv4.map(({ name }) => name)]);
  return [...devices].map((name) => ({ name, advertised: advertisedOn(standing.filter(({ device }) => device === name), networks.filter(({ device }) => device === name)) }));
}

function advertisedOn(standing: readonly Standing[], served: readonly ProvisioningNetwork6[]): Advertised {
  if (standing.length === 0) return nothing;
  const networks = [...new Set(standing.map(({ network }) => network))];
  const mtus = networks.flatMap(({ mtu }) => mtu ?? []);
  return {
    prefixes: networks.map(subnetOf),
    managed: true,
    router: standing.some(({ address, network }) => network.gateway !== null && parseIp(network.gateway).value === parseIp(address).value),
    dns: [...new Set(served.flatMap(({ dns }) => dns))],
    // An advertisement must fit one packet (RFC 6980).
    search: [...new Set(networks.flatMap(({ name, search }) => [name, ...search]))].slice(0, 6),
    mtu: mtus.length === 0 ? null : Math.min(...mtus),
  };
}

/** The machine of a MAC with its own address in an IPv6 network, from memory. */
export function lookup6(site: Site, mac: string, networkId: string): Reservation6 | null {
  const node = site.nodes.get(site.macs.get(mac) ?? '');
  const own = node && interfacesOf(site, node).find((one) => one.name !== BMC && one.network6?._id === networkId && one.ip6 !== null);
  if (node === undefined || own?.ip6 == null) return null;
  return { ip: own.ip6, hostname: node.name, domain: domainOf(site, node), nodeId: node._id, boot: bootWishes(bootSettingsOf(own.network6, site.groups.get(node.group) ?? null, node)) };
}

/**
 * This server's identifier (RFC 8415 §11): in form a DUID-LLT, the one kind that every client can read (nmap reads no
 * other), with a time and a locally administered MAC made of the machine's id, so that it is the same after a restart and
 * a change of cards. The id itself is not to be told on the wire (machine-id(5)).
 */
export function serverIdentifier(): Uint8Array {
  const made = createHash('sha256').update(`luna dhcp6 ${machineId()}`).digest();
  made.writeUInt8((made.readUInt8(4) & 0xfc) | 2, 4);
  return Buffer.concat([Uint8Array.of(0, 1, 0, 1), made.subarray(0, 10)]);
}

/** Containers may have none. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return hostname();
  }
}

/** Another server's addresses are advertised by whoever has that server: DHCPv6 has nothing like a proxy for boot files alone. */
function givesAddresses({ dhcp }: Network): boolean {
  return dhcp === 'serve';
}

function provisioned(site: Site): Network[] {
  return [...site.networks.values()].filter((network) => versionOf(network) === 6 && isProvisioned(network, site.cluster));
}

function standingIn(site: Site): Standing[] {
  const networks = provisioned(site);
  return Object.entries(networkInterfaces()).flatMap(([device, addresses = []]) => addresses
    .filter(({ family, scopeid }) => family === 'IPv6' && scopeid === 0)
    .flatMap(({ address }) => {
      const network = networks.find((one) => holds(subnetOf(one), parseIp(address)));
      return network === undefined ? [] : [{ device, address, network }];
    }));
}
