import { Flags } from '@oclif/core';
import type { NodeView } from '../../../domain/views.ts';
import { MANY_MS } from '../../api.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { listArgs, listFlags, pathOf, selectObjects } from '../../object-selector.ts';

export default class NodeAdd extends ChangingCommand {
  static override summary = 'Add nodes to a group; without a name one is generated.';
  static override examples = ['luna node add -g compute', 'luna node add -n node[001-072] -g compute', 'luna node add login01 -g login'];
  static override args = listArgs;
  static override flags = { ...listFlags, group: Flags.string({ char: 'g', summary: 'Their group.', required: true }) };

  async run(): Promise<NodeView[]> {
    const { args, flags } = await this.parse(NodeAdd);
    const names = args.name === undefined && flags.name === undefined ? null : selectObjects('node', args.name, flags.name);
    const added = await this.api<NodeView[]>('POST', pathOf('node'), { names, group: flags.group }, { timeoutMs: MANY_MS });
    for (const node of added) this.log(node.name);
    return added;
  }
}
