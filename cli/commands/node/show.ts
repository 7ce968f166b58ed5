import { Flags } from '@oclif/core';
import { LunaError } from '../../../domain/errors.ts';
import type { ProvisionStatus } from '../../../domain/run-views.ts';
import type { NodeView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { forEachName, results } from '../../batch.ts';
import { nodeText } from '../../node-text.ts';
import { listArgs, listFlags, pathOf } from '../../object-selector.ts';
import { statusPath } from '../../provision-status.ts';
import { showOutput } from '../../output/output-flags.ts';
import { objectText, showFlags } from '../../show-command.ts';
import { properties } from '../../table.ts';

export default class NodeShow extends LunaCommand {
  static override summary = 'Show nodes, or what one of them would be given to run.';
  static override examples = ['luna node show node001', 'luna node show node[001-003] --json', 'luna node show node001 --script install', 'luna node show -n node001 -s boot'];
  static override args = listArgs;
  static override flags = {
    ...listFlags,
    ...showFlags,
    ...showOutput,
    script: Flags.string({ char: 's', summary: 'The script the node would get now.', options: ['boot', 'install', 'network'], exclusive: ['raw', 'comment'] }),
  };

  async run(): Promise<object[]> {
    const { args, flags } = await this.parse(NodeShow);
    const names = await this.nodes(args.name, flags.name);
    const found = await forEachName(this, names, async (name) => {
      const path = pathOf('node', name);
      if (flags.script !== undefined) return this.script(name, flags.script);
      const plain = flags.raw || flags.comment || (flags.output ?? 'table') !== 'table';
      const [node, status] = await Promise.all([this.api<NodeView>('GET', flags.raw ? `${path}?raw=1` : path), plain ? undefined : this.status(name)]);
      this.log(await objectText(node, flags, () => properties(nodeText(node, status), ['group', 'osimage', 'switch'])));
      return node;
    });
    return results(found);
  }

  private async script(name: string, script: string): Promise<object> {
    const lines: string[] = [];
    for await (const line of this.follow(`${pathOf('node', name)}/script/${script}`)) lines.push(line);
    const text = lines.join('\n');
    this.log(text);
    return { name, script: text };
  }

  /** Where its provision is. Without an answer (Temporal is away) the rest of the node is still worth showing. */
  private async status(name: string): Promise<ProvisionStatus | undefined> {
    try {
      return (await this.api<ProvisionStatus[]>('GET', statusPath([name]))).at(0);
    } catch (error) {
      if (error instanceof LunaError) return undefined;
      throw error;
    }
  }
}
