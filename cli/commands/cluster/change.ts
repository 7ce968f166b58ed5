import { Errors, Flags } from '@oclif/core';
import type { ClusterView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { commentFlags } from '../../change-command.ts';
import { changesOf } from '../../changes.ts';
import { readText } from '../../text-input.ts';

export default class ClusterChange extends LunaCommand {
  static override summary = 'Change what holds for the whole site.';
  static override examples = ['luna cluster change --frontend_address 10.30.255.254', 'luna cluster change -p cn -d 4', 'luna cluster change --comment --file notes.txt'];
  static override flags = {
    frontend_address: Flags.string({ aliases: ['frontend-address'], summary: "The controller's address on the provisioning network.", helpValue: 'IP' }),
    frontend_port: Flags.integer({ aliases: ['frontend-port'], summary: 'Port of the boot HTTP service in every URL given to nodes.', min: 1, max: 65535 }),
    nodeprefix: Flags.string({ char: 'p', aliases: ['prefix'], summary: 'What generated node names start with.' }),
    nodedigits: Flags.integer({ char: 'd', aliases: ['digits'], summary: 'How many digits they end in.', min: 1, max: 9 }),
    tracker_interval: Flags.integer({ aliases: ['tracker-interval'], summary: "Seconds between a peer's announces.", min: 1 }),
    tracker_min_interval: Flags.integer({ aliases: ['tracker-min-interval'], summary: 'Seconds a peer has to wait at least.', min: 1 }),
    tracker_maxpeers: Flags.integer({ aliases: ['tracker-maxpeers'], summary: 'Peers told in one answer at most.', min: 1 }),
    ...commentFlags,
  };

  async run(): Promise<ClusterView> {
    const { flags } = await this.parse(ClusterChange);
    const fields = changesOf(flags, ['frontend_address']);
    if (flags.comment) {
      const current = async (): Promise<string> => (await this.api<ClusterView>('GET', '/api/v1/cluster')).comment;
      fields['comment'] = await readText({ what: 'comment of the cluster', file: flags.file, current });
    }
    if (Object.keys(fields).length === 0) throw new Errors.CLIError('What is to be changed? See: luna cluster change --help', { exit: 2 });
    const cluster = await this.api<ClusterView>('PATCH', '/api/v1/cluster', fields);
    this.log('Changed the cluster.');
    return cluster;
  }
}
