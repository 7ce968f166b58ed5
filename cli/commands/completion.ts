import { Args } from '@oclif/core';
import { LunaCommand } from '../base.ts';
import { COMPLETION_SCRIPTS, type Shell, SHELLS } from '../completion/scripts.ts';

export default class Completion extends LunaCommand {
  static override summary = 'Print what your shell has to read to complete commands, flags and the names of objects.';
  static override examples = ['luna completion bash', 'luna completion zsh', 'luna completion fish'];
  static override args = { shell: Args.string({ description: 'your shell', options: [...SHELLS], required: true, ignoreStdin: true }) };

  async run(): Promise<{ script: string }> {
    const { args } = await this.parse(Completion);
    const script = COMPLETION_SCRIPTS[args.shell as Shell];
    this.log(script.trimEnd());
    return { script };
  }
}
