import { addressAt, lastOffset } from '../../domain/addresses.ts';
import type { Network } from '../../domain/network.ts';
import type { NetworkChanges } from '../../domain/requests/network.ts';
import type { NodeChanges } from '../../domain/requests/node.ts';
import { versionOf } from '../../domain/subnet.ts';
import { changeNode, changeNodes } from '../../infra/store/change-node.ts';
import { linesOfVersions } from '../../infra/store/changes.ts';
import { cloneGroup } from '../../infra/store/clone-group.ts';
import { changeCluster } from '../../infra/store/clusters.ts';
import type { Store } from '../../infra/store/connect.ts';
import { changeGroup, removeGroup } from '../../infra/store/groups.ts';
import { bindMac } from '../../infra/store/macs.ts';
import { changeNetwork } from '../../infra/store/networks.ts';
import { addNodes, removeNode, removeNodes } from '../../infra/store/nodes.ts';
import { objects } from '../../infra/store/objects.ts';
import { addOtherdev, changeOtherdev, removeOtherdev } from '../../infra/store/otherdevs.ts';
import { changeSwitch } from '../../infra/store/switches.ts';
import { undo } from '../../infra/store/undo.ts';
import { countersNow } from '../../infra/store/version.ts';
import { GROUPS, names, POOLS, type PoolName } from './pool-world.ts';
import type { Random } from './random.ts';

/** One client of the store: what it does is known by `by`. */
export interface Client { store: Store; random: Random; by: string }

type Operation = (client: Client) => Promise<unknown>;

/** What clients do to pools, by name, and how often beside the others. Each may be refused. */
export const OPERATIONS: Record<string, [weight: number, Operation]> = {
  'add a node': [8, ({ store, random, by }) => addNodes(store, { names: random.once(2) ? null : [names.node(random)], group: random.of(GROUPS) }, by)],
  'add nodes': [3, ({ store, random, by }) => addNodes(store, { names: some(random, names.node), group: random.of(GROUPS) }, by)],
  'remove a node': [6, async (client) => removeNode(client.store, await aNode(client), client.by)],
  'remove nodes': [2, async (client) => removeNodes(client.store, [await aNode(client), await aNode(client)], false, client.by)],
  'rename a node': [2, async (client) => changeNode(client.store, await aNode(client), { name: names.node(client.random) }, client.by)],
  'move a node to a group': [6, async (client) => changeNode(client.store, await aNode(client), { group: client.random.of(GROUPS) }, client.by)],
  'move nodes to a group': [2, ({ store, random, by }) => changeNodes(store, some(random, names.node), { group: random.of(GROUPS) }, !random.once(3), by)],
  'give a node an address': [8, async (client) => {
    const { store, random, by } = client;
    const [name, pool] = random.of([['BOOTIF', 'cluster'], ['BOOTIF', 'six'], ['BMC', 'ipmi'], ['eth1', 'tiny']] as const);
    return changeNode(store, await aNode(client), { interface: { name, ip: await ipIn(client, pool) } }, by);
  }],
  'plug a node in': [3, async (client) => changeNode(client.store, await aNode(client), { switch: client.random.of(['switch01', 'switch02', null]), port: String(1 + client.random.below(6)) }, client.by)],
  'give a node a MAC': [4, async (client) => changeNode(client.store, await aNode(client), macsOf(client.random), client.by)],
  'learn a MAC': [3, async ({ store, random, by }) => {
    const node = await objects(store, 'node').findOne({ name: await aNode({ store, random, by }) });
    return node && bindMac(store, names.mac(random), node._id, by, { steal: random.once(2) });
  }],
  'add a device': [3, async (client) => addOtherdev(client.store, { name: device(client.random), network: names.pool(client.random) }, client.by)],
  'connect a device': [3, async (client) => {
    const network = names.pool(client.random);
    return changeOtherdev(client.store, device(client.random), { network, ip: client.random.once(3) ? null : await ipIn(client, network) }, client.by);
  }],
  'remove a device': [2, ({ store, random, by }) => removeOtherdev(store, device(random), by)],
  'move a switch': [2, async (client) => {
    const network = client.random.of(['ipmi', 'cluster', 'six'] as const);
    return changeSwitch(client.store, client.random.of(['switch01', 'switch02']), client.random.once(3) ? { network } : { network, ip: await ipIn(client, network) }, client.by);
  }],
  'set addresses aside': [4, async (client) => changePool(client, async (network) => ({ reserve: [{ ip: rangeIn(client.random, network) }] }))],
  'give addresses back': [4, async (client) => changePool(client, async (network) => ({ release: network.reserved.slice(0, 2).map(({ offset }) => addressAt(network, offset)) }))],
  'move the gateway': [3, async (client) => changePool(client, async (network) => ({ [client.random.of(['gateway', 'ns_ip'])]: client.random.once(3) ? null : offsetIn(client.random, network) }))],
  'renumber a network': [2, async (client) => changePool(client, async ({ name }) => ({ network: client.random.of(POOLS[name as PoolName].bases), prefix: client.random.of(POOLS[name as PoolName].prefixes) }))],
  'set a dynamic range': [2, async (client) => changePool(client, async (network) => dynamic(client.random, network))],
  'move the frontend': [2, async (client) => changeCluster(client.store, { frontend_address: client.random.once(4) ? null : await ipIn(client, 'cluster') }, client.by)],
  'set a network of an interface': [2, ({ store, random, by }) => changeGroup(store, 'spare', { interface: { name: random.of(['eth1', 'eth2', 'BOOTIF']), op: 'setnet', network: names.pool(random) } }, by)],
  'take a network from an interface': [2, ({ store, random, by }) => changeGroup(store, 'spare', { interface: { name: random.of(['eth1', 'eth2']), op: 'delnet' } }, by)],
  'add an interface': [1, ({ store, random, by }) => changeGroup(store, 'spare', { interfaces: [{ name: 'eth3', op: 'add', network: names.pool(random) }] }, by)],
  'delete an interface': [1, ({ store, by }) => changeGroup(store, 'spare', { interfaces: [{ name: 'eth3', op: 'delete' }] }, by)],
  'copy a group': [1, ({ store, random, by }) => cloneGroup(store, random.of(GROUPS), `copy${random.below(3)}`, by)],
  'remove a group': [1, ({ store, random, by }) => removeGroup(store, `copy${random.below(3)}`, by)],
  'take a change back': [4, async ({ store, random, by }) => {
    const version = (await countersNow(store)).objects - random.below(12);
    const [line] = await linesOfVersions(store, 'objects', version, version);
    return line ? undo(store, line.tx, by) : null;
  }],
};

const DRAW = Object.entries(OPERATIONS).flatMap(([name, [weight]]) => Array.from({ length: weight }, () => name));

/** One of {@link OPERATIONS}, those of greater weight more often. */
export function drawOperation(random: Random): string {
  return random.of(DRAW);
}

/** Mostly a node that is there, or was a moment ago. */
async function aNode({ store, random }: Client): Promise<string> {
  if (random.once(8)) return names.node(random);
  const there = [...store.memory.known?.site.nodesByName.keys() ?? (await objects(store, 'node').find({}, { projection: { name: 1 } }).toArray()).map(({ name }) => name)];
  return there.length === 0 ? names.node(random) : random.of(there);
}

function macsOf(random: Random): NodeChanges {
  return random.once(2) ? { mac: names.mac(random), steal: random.once(2) } : { macs: { add: [names.mac(random)] } };
}

const device = (random: Random): string => `pdu${random.below(6)}`;

function some(random: Random, name: (random: Random) => string): string[] {
  return [...new Set(Array.from({ length: 2 + random.below(6) }, () => name(random)))];
}

async function changePool({ store, random, by }: Client, wanted: (network: Network) => Promise<NetworkChanges>): Promise<unknown> {
  const network = await objects(store, 'network').findOne({ name: names.pool(random) });
  return network && changeNetwork(store, network.name, await wanted(network), by);
}

/** An address of a network where it stands now; it may stand elsewhere in a moment. */
async function ipIn({ store, random }: Client, name: string): Promise<string> {
  const network = await objects(store, 'network').findOne({ name });
  if (!network) throw new Error(`${name} is gone`);
  return offsetIn(random, network);
}

function offsetIn(random: Random, network: Network): string {
  return addressAt(network, 1 + random.below(Math.min(Number(lastOffset(network)), 70)));
}

function rangeIn(random: Random, network: Network): string {
  const start = 1 + random.below(Math.min(Number(lastOffset(network)) - 1, 60));
  return random.once(2) ? addressAt(network, start) : `${addressAt(network, start)}-${addressAt(network, Math.min(start + random.below(4), Number(lastOffset(network))))}`;
}

function dynamic(random: Random, network: Network): NetworkChanges {
  if (versionOf(network) === 6 || random.once(2)) return { dhcp_start: null, dhcp_end: null };
  const last = Number(lastOffset(network));
  return { dhcp_start: addressAt(network, last - 4 - random.below(3)), dhcp_end: addressAt(network, last - random.below(3)) };
}
