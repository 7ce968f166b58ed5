import { Args, Errors } from '@oclif/core';
import type { NetworkView } from '../../../domain/views.ts';
import { ChangeCommand } from '../../change-command.ts';
import { objectFlags, selectObject } from '../../object-selector.ts';

export default class NetworkRelease extends ChangeCommand {
  static override summary = 'Give back addresses that were set aside.';
  static override examples = ['luna network release cluster 10.30.9.1', 'luna network release -n cluster 10.30.9.2-10.30.9.20'];
  static override args = { words: Args.string({ description: 'the network (unless -n names it), then addresses or ranges of them', ignoreStdin: true, multiple: true }) };
  static override flags = objectFlags;

  protected readonly kind = 'network';

  async run(): Promise<NetworkView> {
    const { args, flags } = await this.parse(NetworkRelease);
    const [first, ...others] = args.words ?? [];
    const name = selectObject('network', flags.name === undefined ? first : undefined, flags.name);
    const ips = flags.name === undefined ? others : args.words ?? [];
    if (ips.length === 0) throw new Errors.CLIError(`Which addresses of ${name}? luna network release ${name} IP[-IP]`, { exit: 2 });
    return this.change(name, { release: ips });
  }
}
