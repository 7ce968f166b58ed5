import type { ClusterView, OsimageView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';
import { otherControllers, syncTo } from '../../sync-controllers.ts';

export default class OsimageSync extends LunaCommand {
  static override summary = "Bring an OS image's tree and what is packed to the other controllers.";
  static override description = 'The others are the addresses in cluster_ips; root must reach them by ssh.';
  static override examples = ['luna osimage sync compute'];
  static override args = objectArgs;
  static override flags = objectFlags;

  async run(): Promise<{ controllers: string[] }> {
    const { args, flags } = await this.parse(OsimageSync);
    const name = selectObject('osimage', args.name, flags.name);
    const { path } = await this.api<OsimageView>('GET', pathOf('osimage', name));
    const controllers = otherControllers((await this.api<ClusterView>('GET', '/api/v1/cluster')).cluster_ips);
    for (const host of controllers) {
      syncTo(host, [path]);
      this.log(`${host} has osimage ${name}.`);
    }
    if (controllers.length === 0) this.log('There is one controller: nothing to bring anywhere.');
    return { controllers };
  }
}
