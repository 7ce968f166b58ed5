import { Errors, Flags } from '@oclif/core';
import type { ClusterView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { commentFlags } from '../../change-command.ts';
import { clusterFields, clusterFlags } from '../../cluster-fields.ts';
import { readText } from '../../text-input.ts';

export default class ClusterChange extends ChangingCommand {
  static override summary = 'Change what holds for the whole site.';
  static override examples = ['luna cluster change --frontend_address 10.30.255.254', 'luna cluster change -p cn -d 4', 'luna cluster change --comment --file notes.txt'];
  static override flags = {
    frontend_address: Flags.string({ aliases: ['frontend-address'], summary: "The controller's address on the provisioning network.", helpValue: 'IP' }),
    frontend_port: Flags.integer({ aliases: ['frontend-port'], summary: 'Port of the boot HTTP service in every URL given to nodes.', min: 1, max: 65535 }),
    nodeprefix: Flags.string({ char: 'p', aliases: ['prefix'], summary: 'What generated node names start with.' }),
    nodedigits: Flags.integer({ char: 'd', aliases: ['digits'], summary: 'How many digits they end in.', min: 1, max: 9 }),
    ...clusterFlags,
    ...commentFlags,
  };

  async run(): Promise<ClusterView> {
    const { flags } = await this.parse(ClusterChange);
    const fields = clusterFields(flags);
    if (flags.comment) {
      const current = async (): Promise<string> => (await this.api<ClusterView>('GET', '/api/v1/cluster')).comment;
      fields['comment'] = await readText({ what: 'comment of the cluster', flags, current });
    }
    if (Object.keys(fields).length === 0) throw new Errors.CLIError('What is to be changed? See: luna cluster change --help', { exit: 2 });
    const cluster = await this.api<ClusterView>('PATCH', '/api/v1/cluster', fields);
    this.log('Changed the cluster.');
    return cluster;
  }
}
