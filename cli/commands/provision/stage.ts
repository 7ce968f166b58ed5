import { Errors, Flags } from '@oclif/core';
import { ChangingCommand } from '../../changing-command.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class ProvisionStage extends ChangingCommand {
  static override summary = 'Retry the stage that a running provision is in, or take it as done.';
  static override examples = ['luna provision stage node001 --retry', 'luna provision stage node001 --skip'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    retry: Flags.boolean({ summary: 'Run it again.', exclusive: ['skip'] }),
    skip: Flags.boolean({ summary: 'Go on to the next.' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ProvisionStage);
    const node = selectObject('node', args.name, flags.name);
    if (!flags.retry && !flags.skip) throw new Errors.CLIError('Say what is to be done with the stage: --retry or --skip.', { exit: 2 });
    const action = flags.retry ? 'retry' : 'skip';
    const answer = await this.api<unknown>('POST', `/api/v1/provision/${encodeURIComponent(node)}/stage`, { action });
    this.log(`${node}: ${typeof answer === 'string' ? answer : 'the stage'} is ${flags.retry ? 'run again' : 'skipped'}.`);
    return answer ?? {};
  }
}
