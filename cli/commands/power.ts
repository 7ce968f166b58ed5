import { Args, Errors, Flags } from '@oclif/core';
import { expandHostlist } from '../../domain/hostlist.ts';
import { BMC } from '../../domain/node-network.ts';
import { POWER_ACTIONS, type PowerAnswer } from '../../domain/power.ts';
import type { NodeView } from '../../domain/views.ts';
import { ChangingCommand } from '../changing-command.ts';
import { listArgs, listFlags, pathOf } from '../object-selector.ts';

/** Every BMC has its own deadline; a whole cluster of slow ones takes minutes. */
const POWER_MS = 600_000;
/** Nodes asked in one call, and calls at once. */
const TOGETHER = 16;
const AT_ONCE = 4;

export default class Power extends ChangingCommand {
  static override summary = "Ask nodes' BMCs for their power state, or change it.";
  static override description = 'Prints a line per node. Exits with 1 when a BMC failed. As `lpower` it is the command of Luna 1.';
  static override examples = ['luna power node001 status', 'luna power node[001-072] on', 'luna power -g compute,login off', 'lpower node001 cycle'];
  static override args = { ...listArgs, action: Args.string({ description: 'what to do', options: [...POWER_ACTIONS], required: true, ignoreStdin: true }) };
  static override flags = {
    ...listFlags,
    groups: Flags.string({ char: 'g', aliases: ['group'], summary: 'All nodes of these groups, a hostlist.', helpValue: 'GROUPS' }),
    interface: Flags.string({ char: 'i', summary: 'The interface at whose address the BMC answers.', default: BMC, helpValue: 'IF' }),
  };

  async run(): Promise<PowerAnswer[]> {
    const { args, flags } = await this.parse(Power);
    const named = args.name === undefined && flags.name === undefined && flags.groups !== undefined ? [] : await this.nodes(args.name, flags.name);
    const grouped = flags.groups === undefined ? [] : await this.nodesOf(expandHostlist(flags.groups));
    const nodes = [...new Set([...named, ...grouped])];
    if (nodes.length === 0) throw new Errors.CLIError(`There are no nodes in ${flags.groups ?? ''}.`, { exit: 255 });
    return this.asked(nodes, { action: args.action, ...(flags.interface === BMC ? {} : { interface: flags.interface }) });
  }

  /** Some nodes at a time, so that what they answer is printed as it comes, and a dead BMC keeps back only its neighbours. */
  private async asked(nodes: readonly string[], what: { action: string; interface?: string }): Promise<PowerAnswer[]> {
    const answers = new Map<string, PowerAnswer>();
    const size = this.isDry ? nodes.length : TOGETHER;
    const parts = Array.from({ length: Math.ceil(nodes.length / size) }, (_, i) => nodes.slice(i * size, (i + 1) * size));
    const ask = async (): Promise<void> => {
      for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
        for (const answer of await this.api<PowerAnswer[]>('POST', '/api/v1/power', { nodes: part, ...what }, { timeoutMs: POWER_MS })) {
          answers.set(answer.node, answer);
          this.log(`${answer.node}: ${'error' in answer ? `Error: ${answer.error}` : answer.state}`);
          if ('error' in answer) process.exitCode = 1;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    return nodes.flatMap((node) => answers.get(node) ?? []);
  }

  private async nodesOf(groups: string[]): Promise<string[]> {
    const nodes = await this.api<NodeView[]>('GET', pathOf('node'));
    return nodes.filter((node) => groups.includes(node.group)).map((node) => node.name);
  }
}
