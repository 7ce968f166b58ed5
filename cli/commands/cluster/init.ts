import { Flags } from '@oclif/core';
import type { ClusterView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';

export default class ClusterInit extends ChangingCommand {
  static override summary = 'Create the cluster: what holds for the whole site.';
  static override examples = ['luna cluster init --frontend_address 10.30.255.254', 'luna cluster init --nodeprefix cn --nodedigits 4'];
  static override flags = {
    frontend_address: Flags.string({ aliases: ['frontend-address'], summary: "The controller's address on the provisioning network.", helpValue: 'IP' }),
    nodeprefix: Flags.string({ aliases: ['prefix'], summary: 'What generated node names start with (node).' }),
    nodedigits: Flags.integer({ aliases: ['digits'], summary: 'How many digits they end in (3).', min: 1, max: 9 }),
    user: Flags.string({ summary: "Luna 1's system user; kept for what reads it (luna)." }),
    group: Flags.string({ summary: "Luna 1's system group; understood, not needed.", hidden: true }),
    path: Flags.string({ summary: 'Home of images on the controller (/opt/luna).', helpValue: 'DIR' }),
  };

  async run(): Promise<ClusterView> {
    const { flags } = await this.parse(ClusterInit);
    const { frontend_address, nodeprefix, nodedigits, user, path } = flags;
    const cluster = await this.api<ClusterView>('POST', '/api/v1/cluster', { frontend_address, nodeprefix, nodedigits, user, path });
    this.log('The cluster is there.');
    if (!cluster.frontend_address) this.log('Next: luna cluster change --frontend_address IP');
    return cluster;
  }
}
