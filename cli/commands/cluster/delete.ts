import { Flags } from '@oclif/core';
import { MANY_MS } from '../../api.ts';
import { ChangingCommand } from '../../changing-command.ts';

export default class ClusterDelete extends ChangingCommand {
  static override summary = 'Delete the cluster object; refused while anything else is declared.';
  static override description = 'Trees and the history stay, packed images for a week. What --force took away, luna undo brings back, save the secrets.';
  static override examples = ['luna cluster delete', 'luna cluster delete --force'];
  static override flags = { force: Flags.boolean({ summary: 'Delete all nodes, groups, networks and everything else that is declared with it.' }) };

  async run(): Promise<object> {
    const { flags } = await this.parse(ClusterDelete);
    await this.api('DELETE', flags.force ? '/api/v1/cluster?force=1' : '/api/v1/cluster', undefined, { timeoutMs: MANY_MS });
    this.log(flags.force ? 'Deleted the cluster and all that was declared.' : 'Deleted the cluster.');
    return {};
  }
}
