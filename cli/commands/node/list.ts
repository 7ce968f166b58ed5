import { Flags } from '@oclif/core';
import type { NodeView, UnknownView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { addressText } from '../../node-text.ts';
import { pathOf } from '../../object-selector.ts';
import { type Column, table } from '../../table.ts';

const UNKNOWN: readonly Column<UnknownView>[] = [
  { title: 'MAC', cell: (o) => o.mac },
  { title: 'IP', cell: (o) => o.ip },
  { title: 'Network', cell: (o) => o.network },
  { title: 'Where', cell: (o) => o.where },
  { title: 'First seen', cell: (o) => o.firstSeen },
  { title: 'Last seen', cell: (o) => o.lastSeen },
];

export default class NodeList extends LunaCommand {
  static override summary = 'List the nodes, or the machines that fit none.';
  static override examples = ['luna node list', 'luna node list --group compute', 'luna node list --unknown', 'luna node list --json'];
  static override flags = {
    group: Flags.string({ char: 'g', summary: 'Those of this group alone.' }),
    // oclif's type knows letters only; its parser takes Luna 1's digit.
    'one-line': Flags.boolean({ char: '1' as 'l', summary: 'All interfaces of a node in one row.' }),
    unknown: Flags.boolean({ summary: 'Machines that asked for an address and fit no node.', exclusive: ['group', 'one-line'] }),
  };

  async run(): Promise<NodeView[] | UnknownView[]> {
    const { flags } = await this.parse(NodeList);
    if (flags.unknown) {
      const machines = await this.api<UnknownView[]>('GET', '/api/v1/unknown');
      this.log(table(UNKNOWN, machines));
      return machines;
    }
    const all = await this.api<NodeView[]>('GET', pathOf('node'));
    const nodes = flags.group === undefined ? all : all.filter((node) => node.group === flags.group);
    this.log(table(columns(flags['one-line']), nodes));
    return nodes;
  }
}

function columns(oneLine: boolean): readonly Column<NodeView>[] {
  const lines = (list: string[]): unknown => (oneLine ? list.join(' ') : list);
  return [
    { title: 'Name', cell: (o) => o.name },
    { title: 'Group', cell: (o) => o.group },
    { title: 'MAC', cell: (o) => lines(o.macs) },
    { title: 'IPs', cell: (o) => lines(o.interfaces.map(addressText)) },
  ];
}
