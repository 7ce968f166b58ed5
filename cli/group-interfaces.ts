import { LunaError } from '../domain/errors.ts';
import type { GroupInterfaceView, GroupView } from '../domain/views.ts';

/** Luna 1's `[IF]:[net]:addr/prefix`. */
export function interfaceText({ name, network, address }: GroupInterfaceView): string {
  return network === null ? `[${name}]` : `[${name}]:[${network}]:${address ?? ''}`;
}

/** A group with its interfaces as text, and their extra parameters below each. */
export function groupText(group: GroupView): object {
  return { ...group, interfaces: group.interfaces.flatMap((i) => [interfaceText(i), ...(i.params === '' ? [] : i.params.trimEnd().split('\n').map((line) => `  ${line}`))]) };
}

/** The refusal for an interface the group hasn't got; it names those it has. */
export function noSuchInterface(group: GroupView, name: string): LunaError {
  const known = group.interfaces.map((i) => i.name).join(', ');
  return new LunaError('not-found', `group ${group.name} has no interface ${name}${known === '' ? '' : `, but ${known}`}`, `luna group change ${group.name} -i ${name} --add`);
}
