import type { ProvisionStatus } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { listArgs, listFlags, selectObjects } from '../../object-selector.ts';
import { STAGE_COLUMNS, STATUS_COLUMNS, statusesOf, statusPath } from '../../provision-status.ts';
import { table } from '../../table.ts';

export default class ProvisionStatusOf extends LunaCommand {
  static override summary = 'Show where provisions are: those of the named nodes, or all open ones and those that ended last. For one node its stages too.';
  static override examples = ['luna provision status', 'luna provision status node[001-072]', 'luna provision status node001 --json'];
  static override args = listArgs;
  static override flags = listFlags;

  async run(): Promise<ProvisionStatus[]> {
    const { args, flags } = await this.parse(ProvisionStatusOf);
    const nodes = args.name === undefined && flags.name === undefined ? [] : selectObjects('node', args.name, flags.name);
    const statuses = statusesOf(nodes, await this.api('GET', statusPath(nodes)));
    this.log(table(STATUS_COLUMNS, statuses));
    const [only, ...others] = statuses;
    if (nodes.length === 1 && only !== undefined && others.length === 0) this.log(table(STAGE_COLUMNS, only.stages));
    return statuses;
  }
}
