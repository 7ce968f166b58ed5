import { randomUUID } from 'node:crypto';
import { LunaError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import type { Group, GroupInterface } from '../../domain/group.ts';
import { namedInterface, plainInterface, renamedInterface } from '../../domain/interface-rules.ts';
import type { InterfaceOperation } from '../../domain/requests/group.ts';
import type { Tx } from './change-objects.ts';
import { dropNetwork, setNetwork } from './interface-networks.ts';
import { objectNamed } from './objects.ts';

type Adding = Extract<InterfaceOperation, { op: 'add' }>;

/** Carries out one operation on a group's interface, with the addresses of all its nodes; returns the interfaces as they are then. */
export async function applyInterfaceOperation(tx: Tx, group: Group, operation: InterfaceOperation): Promise<GroupInterface[]> {
  if (operation.op === 'add') return [...group.interfaces, await addInterface(tx, group, operation)];
  const iface = interfaceNamed(group, operation.name);
  const replaced = (by: GroupInterface): GroupInterface[] => group.interfaces.map((one) => one.id === iface.id ? by : one);
  switch (operation.op) {
    case 'delete':
      refuseUsed(group, iface.name);
      await dropNetwork(tx, group, await dropNetwork(tx, group, iface, 4), 6);
      return group.interfaces.filter((one) => one.id !== iface.id);
    case 'setnet':
      return replaced(await setNetwork(tx, group, iface, operation.network));
    case 'delnet':
      return replaced(await dropNetwork(tx, group, iface, await familyToDrop(tx, group, iface, operation.network)));
    case 'rename':
      refuseName(group, operation.newname);
      return renamedInterface(group.interfaces, iface.name, operation.newname)
        .map((one) => one.id === iface.id && operation.keep ? { ...one, alias: iface.name } : one);
    case 'params':
      return replaced({ ...iface, params: operation.params });
    case 'set': {
      const { name: _name, op: _op, ...settings } = operation;
      return replaced({ ...iface, ...given(settings) });
    }
  }
}

async function addInterface(tx: Tx, group: Group, { name, op: _op, network, network6, ...settings }: Adding): Promise<GroupInterface> {
  refuseName(group, name);
  let added: GroupInterface = { ...plainInterface(randomUUID(), name), ...given(settings) };
  for (const one of [network, network6]) if (one !== undefined) added = await setNetwork(tx, group, added, one);
  return added;
}

function interfaceNamed(group: Group, name: string): GroupInterface {
  const found = namedInterface(group.interfaces, name);
  if (found) return found;
  const known = group.interfaces.map((one) => one.name).join(', ') || 'none';
  throw new LunaError('not-found', `group ${group.name} has no interface ${name}; it has ${known}`, `luna group change ${group.name} --interface ${name} --add`);
}

function refuseName(group: Group, name: string): void {
  if (namedInterface(group.interfaces, name)) {
    throw new LunaError('taken', `group ${group.name} has an interface ${name} already`, `luna group show ${group.name}`);
  }
}

function refuseUsed(group: Group, name: string): void {
  const user = group.interfaces.find((one) => one.vlan?.parent === name || one.bond?.members.includes(name));
  if (user) throw new LunaError('in-use', `interface ${name} of group ${group.name} is in use by ${user.name}`, `luna group change ${group.name} --interface ${user.name} --delete`);
}

/** Which network is meant: the only one, or the one named. */
async function familyToDrop(tx: Tx, group: Group, { name, network, network6 }: GroupInterface, wanted: string | undefined): Promise<4 | 6> {
  const where = `interface ${name} of group ${group.name}`;
  if (wanted !== undefined) {
    const { _id } = await objectNamed(tx, 'network', wanted);
    if (_id === network) return 4;
    if (_id === network6) return 6;
    throw new LunaError('invalid', `${where} is not in network ${wanted}`, `luna group show ${group.name}`);
  }
  if (network === null && network6 === null) throw new LunaError('conflict', `${where} has no network`, `luna group show ${group.name}`);
  if (network !== null && network6 !== null) {
    throw new LunaError('invalid', `${where} is in an IPv4 and an IPv6 network: name the one to leave`, `luna group change ${group.name} --interface ${name} --delnet NETWORK`);
  }
  return network !== null ? 4 : 6;
}
