import assert from 'node:assert/strict';
import { networkAddresses } from '../../domain/network-addresses.ts';
import { nodeView } from '../../domain/node-views.ts';
import type { Store } from '../../infra/store/connect.ts';
import { loadSite } from '../../infra/store/site.ts';

/** `1-253 255-…`: free offsets of a network of at most 2^16 addresses. */
export async function free(store: Store, name: string): Promise<string> {
  const site = await loadSite(store);
  const network = [...site.networks.values()].find((one) => one.name === name);
  assert.ok(network);
  const short = (ip: string): string => String(ip.split('.').slice(2).reduce((value, part) => value * 256 + Number(part), 0));
  return networkAddresses(site, network).free.map(({ start, end }) => `${short(start)}-${short(end)}`).join(' ');
}

/** `BOOTIF=10.30.0.1 BMC=…` of a node. */
export async function ips(store: Store, name: string): Promise<string> {
  const site = await loadSite(store);
  const node = site.nodesByName.get(name);
  return node ? nodeView(site, node, undefined).interfaces.map((one) => `${one.name}=${one.ip}`).join(' ') : 'gone';
}
