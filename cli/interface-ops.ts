import { Errors, Flags } from '@oclif/core';

/** One change of a group's interface, as the API takes it. */
export interface InterfaceOp {
  name: string;
  op: 'add' | 'delete' | 'setnet' | 'delnet' | 'rename' | 'params';
  network?: string;
  newname?: string;
  params?: string;
}

/** Luna 1's flags for one interface of a group. */
export const interfaceFlags = {
  interface: Flags.string({ char: 'i', summary: 'The interface that is changed: BOOTIF, BMC, or its name.', helpValue: 'IF' }),
  add: Flags.boolean({ char: 'A', summary: 'Add the interface.', dependsOn: ['interface'] }),
  delete: Flags.boolean({ char: 'D', summary: 'Remove the interface; its addresses become free.', dependsOn: ['interface'], exclusive: ['add', 'setnet', 'delnet', 'rename'] }),
  delnet: Flags.boolean({ aliases: ['dn'], summary: 'Take its network away.', dependsOn: ['interface'] }),
  setnet: Flags.string({ aliases: ['sn'], summary: 'Give it a network; every node gets the next free address.', dependsOn: ['interface'], helpValue: 'NET' }),
  rename: Flags.string({ aliases: ['nn'], summary: 'Give it another name; addresses stay.', dependsOn: ['interface'], helpValue: 'NEW' }),
  edit: Flags.boolean({ char: 'e', summary: 'With -i: edit its extra configuration lines.' }),
};

interface Given {
  interface?: string | undefined;
  add: boolean;
  delete: boolean;
  delnet: boolean;
  setnet?: string | undefined;
  rename?: string | undefined;
  edit: boolean;
}

/** The changes the flags ask for, in an order in which they make sense together. `params` is the edited text, if any. */
export function interfaceOps(flags: Given, params: string | undefined): InterfaceOp[] {
  const name = flags.interface;
  if (name === undefined) return [];
  const ops: InterfaceOp[] = [];
  if (flags.add) ops.push({ name, op: 'add' });
  if (flags.delnet) ops.push({ name, op: 'delnet' });
  if (flags.setnet !== undefined) ops.push({ name, op: 'setnet', network: flags.setnet });
  if (params !== undefined) ops.push({ name, op: 'params', params });
  if (flags.rename !== undefined) ops.push({ name, op: 'rename', newname: flags.rename });
  if (flags.delete) ops.push({ name, op: 'delete' });
  if (ops.length === 0) throw new Errors.CLIError(`What is to be done with interface ${name}? --add, --delete, --setnet NET, --delnet, --rename NEW or --edit.`, { exit: 2 });
  return ops;
}
