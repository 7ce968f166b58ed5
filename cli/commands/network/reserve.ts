import { Args, Errors, Flags } from '@oclif/core';
import type { NetworkView } from '../../../domain/views.ts';
import { ChangeCommand } from '../../change-command.ts';
import { objectFlags, selectObject } from '../../object-selector.ts';

export default class NetworkReserve extends ChangeCommand {
  static override summary = 'Set addresses of a network aside, so that no node gets them.';
  static override examples = ['luna network reserve cluster 10.30.9.1 --for storage', 'luna network reserve cluster 10.30.9.2-10.30.9.20'];
  static override args = { words: Args.string({ description: 'the network (unless -n names it), then addresses or ranges of them', ignoreStdin: true, multiple: true }) };
  static override flags = { ...objectFlags, for: Flags.string({ summary: 'What they are for.', helpValue: 'WORDS' }) };

  protected readonly kind = 'network';

  async run(): Promise<NetworkView> {
    const { args, flags } = await this.parse(NetworkReserve);
    const [first, ...others] = args.words ?? [];
    const name = selectObject('network', flags.name === undefined ? first : undefined, flags.name);
    const ips = flags.name === undefined ? others : args.words ?? [];
    if (ips.length === 0) throw new Errors.CLIError(`Which addresses of ${name}? luna network reserve ${name} IP[-IP]`, { exit: 2 });
    return this.change(name, { reserve: ips.map((ip) => ({ ip, ...(flags.for === undefined ? {} : { name: flags.for }) })) });
  }
}
