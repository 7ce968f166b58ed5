import { Args } from '@oclif/core';
import type { PartStatus } from '../../infra/engine/part.ts';
import { LunaCommand } from '../base.ts';
import { partLine } from '../instance-text.ts';

const ACTIONS = ['start', 'stop', 'restart', 'reload'] as const;

export default class Service extends LunaCommand {
  static override summary = 'Start, stop or restart one part of luna on this machine; the others go on.';
  static override description = [
    'Parts are those of luna status. As `lweb start|stop|restart` and `ltorrent start|stop|restart|reload` it is what Luna 1 had:',
    'lweb is the part boot, ltorrent the part seeder. There is nothing to reload: a part sees by itself what is declared and packed.',
  ].join('\n');

  static override examples = ['luna service restart boot', 'lweb start', 'ltorrent stop', 'ltorrent reload'];
  static override args = {
    action: Args.string({ description: 'what to do', options: [...ACTIONS], required: true, ignoreStdin: true }),
    part: Args.string({ description: 'which part', required: true, ignoreStdin: true }),
  };

  async run(): Promise<PartStatus> {
    const { args } = await this.parse(Service);
    const { controlPart } = await import('../../infra/engine/control-part.ts');
    const reload = args.action === 'reload';
    const { before, after } = await controlPart(process.env, args.part, reload ? 'start' : args.action as 'start' | 'stop' | 'restart');
    if (after.state === 'stopped') this.log(`${after.name} is stopped.`);
    else if (reload) this.log(`${after.name} runs; it sees by itself what is declared and packed.`);
    else this.log(`${partLine(after)}${args.action === 'start' && before === 'ready' ? '  (ran already)' : ''}`);
    return after;
  }
}
