import { Args, Errors, Flags } from '@oclif/core';
import { expandHostlist } from '../../domain/hostlist.ts';
import { POWER_ACTIONS, type PowerAnswer } from '../../domain/power.ts';
import type { NodeView } from '../../domain/views.ts';
import { LunaCommand } from '../base.ts';
import { listArgs, listFlags, pathOf, selectObjects } from '../object-selector.ts';

/** Every BMC has its own deadline; a whole cluster of slow ones takes minutes. */
const POWER_MS = 600_000;

export default class Power extends LunaCommand {
  static override summary = "Ask nodes' BMCs for their power state, or change it.";
  static override description = 'Prints a line per node. Exits with 1 when a BMC failed. As `lpower` it is the command of Luna 1.';
  static override examples = ['luna power node001 status', 'luna power node[001-072] on', 'luna power -g compute,login off', 'lpower node001 cycle'];
  static override args = { ...listArgs, action: Args.string({ description: 'what to do', options: [...POWER_ACTIONS], required: true, ignoreStdin: true }) };
  static override flags = { ...listFlags, groups: Flags.string({ char: 'g', aliases: ['group'], summary: 'All nodes of these groups, a hostlist.', helpValue: 'GROUPS' }) };

  async run(): Promise<PowerAnswer[]> {
    const { args, flags } = await this.parse(Power);
    const named = args.name === undefined && flags.name === undefined && flags.groups !== undefined ? [] : selectObjects('node', args.name, flags.name);
    const grouped = flags.groups === undefined ? [] : await this.nodesOf(expandHostlist(flags.groups));
    const nodes = [...new Set([...named, ...grouped])];
    if (nodes.length === 0) throw new Errors.CLIError(`There are no nodes in ${flags.groups ?? ''}.`, { exit: 255 });
    const answers = await this.api<PowerAnswer[]>('POST', '/api/v1/power', { nodes, action: args.action }, { timeoutMs: POWER_MS });
    for (const answer of answers) this.log(`${answer.node}: ${'error' in answer ? `Error: ${answer.error}` : answer.state}`);
    if (answers.some((answer) => 'error' in answer)) process.exitCode = 1;
    return answers;
  }

  private async nodesOf(groups: string[]): Promise<string[]> {
    const nodes = await this.api<NodeView[]>('GET', pathOf('node'));
    return nodes.filter((node) => groups.includes(node.group)).map((node) => node.name);
  }
}
