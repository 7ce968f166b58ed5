import type { ClusterView, OsimageView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { pathOf } from '../../object-selector.ts';
import { otherControllers, syncTo } from '../../sync-controllers.ts';

export default class ClusterSync extends LunaCommand {
  static override summary = 'Bring packed images and image trees to the other controllers.';
  static override description = 'The others are the addresses in cluster_ips; root must reach them by ssh. What is declared needs no bringing: all controllers share one database.';
  static override examples = ['luna cluster sync'];

  async run(): Promise<{ controllers: string[] }> {
    await this.parse(ClusterSync);
    const { cluster_ips } = await this.api<ClusterView>('GET', '/api/v1/cluster');
    const controllers = otherControllers(cluster_ips);
    const trees = controllers.length === 0 ? [] : (await this.api<OsimageView[]>('GET', pathOf('osimage'))).map(({ path }) => path);
    for (const host of controllers) {
      syncTo(host, trees);
      this.log(`${host} has all packed images and ${trees.length} trees.`);
    }
    if (controllers.length === 0) this.log('There is one controller: nothing to bring anywhere.');
    return { controllers };
  }
}
