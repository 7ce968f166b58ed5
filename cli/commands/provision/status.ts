import type { SwarmSummary } from '../../../domain/swarm.ts';
import { RowsCommand } from '../../list-command.ts';
import { listArgs, listFlags } from '../../object-selector.ts';
import { listOutput } from '../../output/output-flags.ts';
import { STAGE_COLUMNS, stagesOf, STATUS_COLUMNS, statusesOf, statusPath } from '../../provision-status.ts';
import { swarmLine } from '../../swarm-text.ts';
import { table } from '../../table.ts';

export default class ProvisionStatusOf extends RowsCommand {
  static override summary = 'Show where provisions are: those of the named nodes, or all open ones and those that ended last. For one node its stages too; while machines load an image, their swarm.';
  static override examples = ['luna provision status', 'luna provision status node[001-072]', 'luna provision status node001 --json'];
  static override args = listArgs;
  static override flags = { ...listFlags, ...listOutput };

  async run(): Promise<unknown[]> {
    const { args, flags } = await this.parse(ProvisionStatusOf);
    const nodes = args.name === undefined && flags.name === undefined ? [] : await this.nodes(args.name, flags.name);
    const statuses = statusesOf(nodes, await this.api('GET', statusPath(nodes)));
    const plain = (flags.output ?? 'table') === 'table' && !this.jsonEnabled();
    const shown = await this.printRows(statuses, { columns: STATUS_COLUMNS }, flags);
    if (plain) await this.swarms();
    const [only, ...others] = statuses;
    if (plain && nodes.length === 1 && only !== undefined && others.length === 0) this.log(table(STAGE_COLUMNS, stagesOf(only)));
    return shown;
  }

  /** A line for each swarm that goes on. Where nothing tells of them, the provisions are what was asked for. */
  private async swarms(): Promise<void> {
    const swarms = await this.api<SwarmSummary[]>('GET', '/api/v1/swarms').catch(() => []);
    for (const swarm of swarms) if (swarm.startedAt !== null) this.log(`${swarmLine(swarm)}. Its shape: luna osimage swarm ${swarm.osimage}`);
  }
}
