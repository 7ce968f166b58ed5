import { randomUUID } from 'node:crypto';
import { changedOptions } from '../../domain/boot-settings.ts';
import { LunaError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { type Group, type GroupInterface, groupSchema } from '../../domain/group.ts';
import { refuseOddInterfaces } from '../../domain/interface-checks.ts';
import { plainInterface } from '../../domain/interface-rules.ts';
import type { Network } from '../../domain/network.ts';
import { BMC, BOOTIF } from '../../domain/node-network.ts';
import type { GroupChanges, NewGroup } from '../../domain/requests/group.ts';
import { versionOf } from '../../domain/subnet.ts';
import type { Done } from '../../domain/many.ts';
import { doToEach } from './bulk.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { applyInterfaceOperation } from './group-interfaces.ts';
import { identity, insertObject, objectNamed, removeObject, replaceObject } from './objects.ts';

/** Declares a group. Its domain is the boot network. BOOTIF is made unless interfaces are named and no network is. */
export function addGroup(store: Store, wanted: NewGroup, by: string): Promise<Group> {
  return changeObjects(store, by, async (tx) => {
    const osimage = await objectNamed(tx, 'osimage', wanted.osimage);
    const domain = await idOf(tx, 'network', wanted.network ?? wanted.network6);
    const names = wanted.interfaces ?? [];
    const plain = (name: string): GroupInterface => plainInterface(randomUUID(), name);
    const interfaces = names.filter((name) => name !== BOOTIF && name !== BMC).map(plain);
    if (domain || names.length === 0 || names.includes(BOOTIF)) {
      interfaces.unshift(await placed(tx, wanted.name, plain(BOOTIF), [wanted.network, wanted.network6]));
    }
    if (wanted.bmcnetwork || names.includes(BMC)) interfaces.push(await placed(tx, wanted.name, plain(BMC), [wanted.bmcnetwork]));
    refuseOddInterfaces(wanted, interfaces);
    return insertObject(tx, 'group', groupSchema.parse({
      ...identity(),
      name: wanted.name,
      comment: wanted.comment ?? '',
      osimage: osimage._id,
      bmcsetup: await idOf(tx, 'bmcsetup', wanted.bmcsetup) ?? null,
      domain: domain ?? null,
      interfaces,
    }));
  });
}

/** Changes a group and, by its `interface` operations, the addresses of its nodes: all of it or nothing. */
export function changeGroup(store: Store, name: string, changes: GroupChanges, by: string): Promise<Group> {
  return changeObjects(store, by, (tx) => changeWithin(tx, name, changes));
}

/** The same change of many groups: of all or none, or with `each` of those that can be changed. */
export function changeGroups(store: Store, names: readonly string[], changes: GroupChanges, each: boolean, by: string): Promise<Done[]> {
  return doToEach(store, by, names, each, (tx, name) => changeWithin(tx, name, changes));
}

async function changeWithin(tx: Tx, name: string, changes: GroupChanges): Promise<Group> {
  const { rev, interface: first, interfaces: more = [], osimage, bmcsetup, domain, torrent_if, dhcp_options, ...rest } = changes;
  const before = await objectNamed(tx, 'group', name);
  let { interfaces } = before;
  for (const operation of first ? [first, ...more] : more) interfaces = await applyInterfaceOperation(tx, { ...before, interfaces }, operation);
  refuseOddInterfaces(before, interfaces);
  const references = given({
    osimage: await idOf(tx, 'osimage', osimage) ?? undefined,
    bmcsetup: await idOf(tx, 'bmcsetup', bmcsetup),
    domain: await idOf(tx, 'network', domain),
    torrent_if: torrent_if === undefined ? still(before.torrent_if, interfaces) : nicOf(before.name, interfaces, torrent_if),
  });
  return replaceObject(tx, 'group', before, { ...given(rest), ...changedOptions(before.dhcp_options, dhcp_options), ...references, interfaces }, rev);
}

/** Removes a group; refused while nodes belong to it. */
export function removeGroup(store: Store, name: string, by: string, seen?: number): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const group = await objectNamed(tx, 'group', name);
    await refuseWhileUsed(tx, 'group', group);
    await removeObject(tx, 'group', group, seen);
  });
}

async function idOf(tx: Tx, kind: 'network' | 'bmcsetup' | 'osimage', name: string | null | undefined): Promise<string | null | undefined> {
  return typeof name === 'string' ? (await objectNamed(tx, kind, name))._id : name;
}

/** A new interface in its networks, one of each family at most. */
async function placed(tx: Tx, group: string, iface: GroupInterface, names: readonly (string | null | undefined)[]): Promise<GroupInterface> {
  const networks: Network[] = [];
  for (const name of names) if (typeof name === 'string') networks.push(await objectNamed(tx, 'network', name));
  const [first, second] = networks;
  if (first && second && versionOf(first) === versionOf(second)) {
    throw new LunaError('invalid', `interface ${iface.name} of group ${group} can't have two IPv${versionOf(first)} networks`, 'luna network list');
  }
  const inFamily = (version: number): string | null => networks.find((one) => versionOf(one) === version)?._id ?? null;
  return { ...iface, network: inFamily(4), network6: inFamily(6) };
}

/** A torrent_if that was deleted is none. */
function still(id: string | null, interfaces: readonly GroupInterface[]): string | null {
  return interfaces.some((one) => one.id === id) ? id : null;
}

/** The id of the NIC to download by. */
function nicOf(group: string, interfaces: readonly GroupInterface[], name: string | null): string | null {
  if (name === null) return null;
  const nics = interfaces.filter((one) => one.name !== BMC);
  const found = nics.find((one) => one.name === name);
  if (!found) throw new LunaError('invalid', `${name} is no NIC of group ${group}; it has ${nics.map((one) => one.name).join(', ')}`, `luna group show ${group}`);
  return found.id;
}
