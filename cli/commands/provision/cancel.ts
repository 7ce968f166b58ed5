import type { ProvisionCancelled } from '../../../domain/run-views.ts';
import { MANY_MS } from '../../api.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { listArgs, listFlags } from '../../object-selector.ts';

export default class ProvisionCancel extends ChangingCommand {
  static override summary = 'End provisions. The machine stays as it is; its boot identity dies.';
  static override examples = ['luna provision cancel node001', 'luna provision cancel node[001-072]'];
  static override args = listArgs;
  static override flags = listFlags;

  async run(): Promise<ProvisionCancelled[]> {
    const { args, flags } = await this.parse(ProvisionCancel);
    const nodes = await this.nodes(args.name, flags.name);
    const answers = await this.api<ProvisionCancelled[]>('POST', '/api/v1/provision/cancel', { nodes }, { timeoutMs: MANY_MS });
    for (const answer of answers) {
      if ('error' in answer) {
        this.logToStderr(`${answer.node}: Error: ${answer.error}`);
        process.exitCode = 1;
      } else this.log(`${answer.node}: ${answer.cancelled ? 'cancelled' : 'was not running'}`);
    }
    return answers;
  }
}
