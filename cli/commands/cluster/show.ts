import type { ClusterView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { showOutput } from '../../output/output-flags.ts';
import { objectText, showFlags } from '../../show-command.ts';
import { properties } from '../../table.ts';

export default class ClusterShow extends LunaCommand {
  static override summary = 'Show what holds for the whole site.';
  static override examples = ['luna cluster show', 'luna cluster show --json', 'luna cluster show -o yaml'];
  static override flags = { ...showFlags, ...showOutput };

  async run(): Promise<ClusterView> {
    const { flags } = await this.parse(ClusterShow);
    const cluster = await this.api<ClusterView>('GET', flags.raw ? '/api/v1/cluster?raw=1' : '/api/v1/cluster');
    // There is only one, so its name (general) tells nothing.
    const { name: _name, ...shown } = cluster;
    this.log(await objectText(cluster, flags, () => properties(shown)));
    return cluster;
  }
}
