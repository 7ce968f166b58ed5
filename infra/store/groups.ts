import { randomUUID } from 'node:crypto';
import { LunaError } from '../../domain/errors.ts';
import { type Group, type GroupInterface, groupSchema } from '../../domain/group.ts';
import { BMC, BOOTIF } from '../../domain/node-network.ts';
import type { GroupChanges, NewGroup } from '../../domain/requests/group.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { given } from './given.ts';
import { applyInterfaceOperation } from './group-interfaces.ts';
import { identity, insertObject, objectNamed, removeObject, replaceObject } from './objects.ts';

/** Declares a group. Its domain is the boot network. BOOTIF is made unless interfaces are named and no network is. */
export function addGroup(store: Store, wanted: NewGroup, by: string): Promise<Group> {
  return changeObjects(store, by, async (tx) => {
    const osimage = await objectNamed(tx, 'osimage', wanted.osimage);
    const network = await idOf(tx, 'network', wanted.network);
    const bmcnetwork = await idOf(tx, 'network', wanted.bmcnetwork);
    const names = wanted.interfaces ?? [];
    refuseDuplicates(names);
    const interfaces: GroupInterface[] = names.filter((name) => name !== BOOTIF && name !== BMC).map((name) => newInterface(name, null));
    if (network || names.length === 0 || names.includes(BOOTIF)) interfaces.unshift(newInterface(BOOTIF, network ?? null));
    if (bmcnetwork || names.includes(BMC)) interfaces.push(newInterface(BMC, bmcnetwork ?? null));
    return insertObject(tx, 'group', groupSchema.parse({
      ...identity(),
      name: wanted.name,
      comment: wanted.comment ?? '',
      osimage: osimage._id,
      bmcsetup: await idOf(tx, 'bmcsetup', wanted.bmcsetup) ?? null,
      domain: network ?? null,
      interfaces,
    }));
  });
}

/** Changes a group and, by its `interface` operation, the addresses of its nodes: all of it or nothing. */
export function changeGroup(store: Store, name: string, changes: GroupChanges, by: string): Promise<Group> {
  const { rev, interface: operation, osimage, bmcsetup, domain, torrent_if, ...rest } = changes;
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'group', name);
    const interfaces = operation ? await applyInterfaceOperation(tx, before, operation) : before.interfaces;
    const references = given({
      osimage: await idOf(tx, 'osimage', osimage) ?? undefined,
      bmcsetup: await idOf(tx, 'bmcsetup', bmcsetup),
      domain: await idOf(tx, 'network', domain),
      torrent_if: torrent_if === undefined ? still(before.torrent_if, interfaces) : nicOf(before.name, interfaces, torrent_if),
    });
    return replaceObject(tx, 'group', before, { ...given(rest), ...references, interfaces }, rev);
  });
}

/** Removes a group; refused while nodes belong to it. */
export function removeGroup(store: Store, name: string, by: string): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const group = await objectNamed(tx, 'group', name);
    await refuseWhileUsed(tx, 'group', group);
    await removeObject(tx, 'group', group);
  });
}

async function idOf(tx: Tx, kind: 'network' | 'bmcsetup' | 'osimage', name: string | null | undefined): Promise<string | null | undefined> {
  return typeof name === 'string' ? (await objectNamed(tx, kind, name))._id : name;
}

function newInterface(name: string, network: string | null): GroupInterface {
  return { id: randomUUID(), name, network, params: '' };
}

function refuseDuplicates(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new LunaError('invalid', `interface ${twice} is named twice`);
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
