import { Flags } from '@oclif/core';
import { expandHostlist } from '../../../domain/hostlist.ts';
import type { NodeView, UnknownView } from '../../../domain/views.ts';
import { rawFlag, RowsCommand } from '../../list-command.ts';
import { isAtStage, nodeLayout, UNKNOWN_LAYOUT } from '../../node-columns.ts';
import { listArgs, listFlags, pathOf, selectNodes } from '../../object-selector.ts';
import { listOutput } from '../../output/output-flags.ts';
import { rawText } from '../../raw.ts';

export default class NodeList extends RowsCommand {
  static override summary = 'List the nodes, those of a hostlist, or the machines that fit none.';
  static override examples = [
    'luna node list',
    'luna node list --group compute --stage failed',
    "luna node list --where 'interfaces.ip~^10\\.30\\.' --sort -name --columns name,interfaces.ip",
    'luna node list node[001-003] -o csv',
    'luna node list --unknown',
  ];
  static override args = listArgs;
  static override flags = {
    ...listFlags,
    group: Flags.string({ char: 'g', summary: 'Those of these groups alone.', helpValue: 'GROUPS' }),
    stage: Flags.string({ summary: 'Those whose provision is at this stage, or ended like this: download, failed, completed, none.', helpValue: 'STAGE' }),
    // oclif's type knows letters only; its parser takes Luna 1's digit.
    'one-line': Flags.boolean({ char: '1' as 'l', aliases: ['one_line'], summary: 'All interfaces of a node in one row.' }),
    unknown: Flags.boolean({ summary: 'Machines that asked for an address and fit no node.', exclusive: ['group', 'stage', 'one-line', 'raw'] }),
    ...listOutput,
    ...rawFlag,
  };

  async run(): Promise<unknown[]> {
    const { args, flags } = await this.parse(NodeList);
    if (flags.unknown) return this.printRows(await this.api<UnknownView[]>('GET', '/api/v1/unknown'), UNKNOWN_LAYOUT, flags);
    const nodes = await this.selected(await this.api<NodeView[]>('GET', pathOf('node')), args.name, flags);
    if (!flags.raw) return this.printRows(nodes, nodeLayout(flags['one-line']), flags);
    const names = new Set(nodes.map(({ name }) => name));
    const stored = (await this.api<{ name: string }[]>('GET', `${pathOf('node')}?raw=1`)).filter(({ name }) => names.has(name));
    this.log(rawText(stored));
    return stored;
  }

  private async selected(all: NodeView[], positional: string[] | undefined, flags: { name?: string | undefined; group?: string | undefined; stage?: string | undefined }): Promise<NodeView[]> {
    const names = positional === undefined && flags.name === undefined ? undefined : new Set(await selectNodes(positional, flags.name, () => Promise.resolve(all)));
    const groups = flags.group === undefined ? undefined : expandHostlist(flags.group);
    return all.filter((node) => (names === undefined || names.has(node.name))
      && (groups === undefined || groups.includes(node.group))
      && (flags.stage === undefined || isAtStage(node, flags.stage)));
  }
}
