import type { GroupInterface } from './group.ts';

/** An interface that is a plain NIC without a network. */
export function plainInterface(id: string, name: string): GroupInterface {
  return { id, name, network: null, network6: null, params: '', mtu: null, vlan: null, bond: null, routes: [], dhcp: false };
}

/** The interface of that name; else the one that has it for its other name. */
export function namedInterface<T extends Pick<GroupInterface, 'name' | 'alias'>>(interfaces: readonly T[], name: string): T | undefined {
  return interfaces.find((one) => one.name === name) ?? interfaces.find((one) => one.alias === name);
}

/** The interfaces after one got another name: VLANs on it and bonds of it follow. */
export function renamedInterface(interfaces: readonly GroupInterface[], from: string, to: string): GroupInterface[] {
  const follow = (name: string): string => name === from ? to : name;
  return interfaces.map((one) => ({
    ...one,
    name: follow(one.name),
    vlan: one.vlan && { ...one.vlan, parent: follow(one.vlan.parent) },
    bond: one.bond && { ...one.bond, members: one.bond.members.map(follow) },
  }));
}
