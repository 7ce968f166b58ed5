import { Errors, Flags } from '@oclif/core';
import { namedInterface } from '../domain/interface-rules.ts';
import { BMC, BOOTIF } from '../domain/node-network.ts';
import type { GroupView } from '../domain/views.ts';
import { interfaceSettingFlags, interfaceSettings, type SettingsGiven } from './interface-settings.ts';

/** One change of a group's interface, as the API takes it. */
export interface InterfaceOp {
  name: string;
  op: 'add' | 'delete' | 'setnet' | 'delnet' | 'rename' | 'params' | 'set';
  network?: string;
  newname?: string;
  keep?: boolean;
  params?: string;
}

/** Luna 1's flags for one interface of a group: `-i IF`, or in its first form `--bmcnetwork` for the BMC. */
export const interfaceFlags = {
  interface: Flags.string({ char: 'i', summary: 'The interface that is changed: BOOTIF, BMC, or its name. Alone it is shown.', helpValue: 'IF', exclusive: ['bmcnetwork'] }),
  bmcnetwork: Flags.boolean({ aliases: ['bn'], summary: 'The same as -i BMC, which is added when it is not there.', hidden: true }),
  boot_if: Flags.string({ aliases: ['bi', 'boot-if'], summary: 'Make this interface BOOTIF, the one that nodes boot from.', hidden: true, helpValue: 'IF' }),
  add: Flags.boolean({ char: 'A', summary: 'Add the interface.' }),
  delete: Flags.boolean({ char: 'D', summary: 'Remove the interface; its addresses become free.', exclusive: ['add', 'setnet', 'delnet', 'rename'] }),
  delnet: Flags.string({ aliases: ['dn'], summary: 'Take a network away: which one, if it has an IPv4 and an IPv6 network.', helpValue: '[NET]' }),
  setnet: Flags.string({ aliases: ['sn'], summary: 'Give it a network; every node gets the next free address.', helpValue: 'NET' }),
  rename: Flags.string({ aliases: ['nn'], summary: 'Give it another name; addresses stay.', helpValue: 'NEW' }),
  edit: Flags.boolean({ char: 'e', summary: 'With -i: edit its extra configuration lines.' }),
  ...interfaceSettingFlags,
};

/** What {@link interfaceFlags} reads. */
export interface InterfaceGiven extends SettingsGiven {
  interface?: string | undefined;
  bmcnetwork: boolean;
  boot_if?: string | undefined;
  add: boolean;
  delete: boolean;
  delnet?: string | undefined;
  setnet?: string | undefined;
  rename?: string | undefined;
  edit: boolean;
}

/** Luna 1's `--delnet` may stand alone; oclif wants a value behind it. */
export function delnetAlone(argv: readonly string[]): string[] {
  return argv.flatMap((word, i) => {
    const alone = word === '--delnet' || word === '--dn';
    return alone && (argv[i + 1] === undefined || argv[i + 1]?.startsWith('-')) ? [word, ''] : [word];
  });
}

/** Whether the flags ask for a change of the interface, and not only name it. */
export function changesInterface(flags: InterfaceGiven): boolean {
  return flags.add || flags.delete || flags.edit || flags.delnet !== undefined || flags.setnet !== undefined || flags.rename !== undefined || Object.keys(interfaceSettings(flags)).length > 0;
}

/** The name of the interface that the flags mean, as the group knows it; undefined when they mean none. */
export function interfaceMeant(flags: InterfaceGiven): string | undefined {
  if (flags.bmcnetwork) return BMC;
  if (flags.interface === undefined && changesInterface({ ...flags, edit: false })) throw new Errors.CLIError('Which interface? Name it: -i IF.', { exit: 2 });
  return flags.interface;
}

/** The changes the flags ask for, in an order in which they make sense together. `params` is the edited text, if any; `group` as it is now. */
export function interfaceOps(flags: InterfaceGiven, name: string, params: string | undefined, group: GroupView): InterfaceOp[] {
  const ops: InterfaceOp[] = [];
  const missing = flags.bmcnetwork && !flags.delete && !group.interfaces.some((one) => one.name === BMC);
  if (flags.add || missing) ops.push({ name, op: 'add' });
  if (flags.delnet !== undefined) ops.push({ name, op: 'delnet', ...(flags.delnet === '' ? {} : { network: flags.delnet }) });
  if (flags.setnet !== undefined) ops.push({ name, op: 'setnet', network: flags.setnet });
  const settings = interfaceSettings(flags);
  if (Object.keys(settings).length > 0) ops.push({ name, op: 'set', ...settings });
  if (params !== undefined) ops.push({ name, op: 'params', params });
  if (flags.rename !== undefined) ops.push({ name, op: 'rename', newname: flags.rename });
  if (flags.delete) ops.push({ name, op: 'delete' });
  return ops;
}

/** Luna 1's `--boot_if`: that interface is BOOTIF from now on, and its old name is still understood. None when it is already. */
export function bootInterfaceOps(name: string | undefined, group: GroupView): InterfaceOp[] {
  if (name === undefined || namedInterface(group.interfaces, name)?.name === BOOTIF) return [];
  return [{ name, op: 'rename', newname: BOOTIF, keep: true }];
}

/** In Luna 1's first form the boot network's name was the domain: what the domain becomes when BOOTIF, called otherwise, gets its network. */
export function bootDomain(flags: InterfaceGiven, group: GroupView): string | undefined {
  if (group.domain !== null) return undefined;
  const boot = namedInterface(group.interfaces, flags.boot_if ?? flags.interface ?? '');
  if (!boot || (flags.boot_if === undefined && boot.name === flags.interface)) return undefined;
  return flags.setnet ?? boot.network ?? undefined;
}
