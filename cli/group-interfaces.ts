import { LunaError } from '../domain/errors.ts';
import { namedInterface } from '../domain/interface-rules.ts';
import type { GroupInterfaceView, GroupView } from '../domain/views.ts';

/** Luna 1's `[IF]:[net]:addr/prefix`, a line for each family. */
export function interfaceText({ name, network, address, network6, address6 }: GroupInterfaceView): string {
  const lines = [[network, address], [network6, address6]].filter(([net]) => net !== null && net !== undefined).map(([net, range]) => `[${name}]:[${net ?? ''}]:${range ?? ''}`);
  return lines.length === 0 ? `[${name}]` : lines.join('\n');
}

/** A group with its interfaces as text, and their extra parameters below each. */
export function groupText(group: GroupView): object {
  return { ...group, interfaces: group.interfaces.flatMap((one) => interfaceDetails(one, '  ').split('\n')) };
}

/** One interface with all that is said of it; the details are indented. */
export function interfaceDetails(one: GroupInterfaceView, indent = ''): string {
  const settings = [
    one.mtu === null || one.mtu === undefined ? '' : `mtu ${one.mtu}`,
    one.vlan ? `vlan ${one.vlan.id} on ${one.vlan.parent}` : '',
    one.bond ? `bond ${one.bond.mode} of ${one.bond.members.join(', ')}` : '',
    one.dhcp ? 'dhcp' : '',
    ...(one.routes ?? []).map(({ to, via, metric }) => `route ${to} via ${via}${metric === null ? '' : ` metric ${metric}`}`),
    ...one.params.trimEnd().split('\n'),
  ].filter((line) => line !== '');
  return [interfaceText(one), ...settings.map((line) => `${indent}${line}`)].join('\n');
}

/** The interface of that name. Throws LunaError `not-found`, naming those the group has. */
export function findInterface(group: GroupView, name: string): GroupInterfaceView {
  const found = namedInterface(group.interfaces, name);
  if (found) return found;
  const known = group.interfaces.map((one) => one.name).join(', ');
  throw new LunaError('not-found', `group ${group.name} has no interface ${name}${known === '' ? '' : `, but ${known}`}`, `luna group change ${group.name} -i ${name} --add`);
}
