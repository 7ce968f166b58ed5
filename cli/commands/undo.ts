import { Args } from '@oclif/core';
import { MANY_MS } from '../api.ts';
import { ChangingCommand } from '../changing-command.ts';

interface Undone { undone: string; tx: string; lines: number; objects: string; secrets: { kind: 'bmcsetup' | 'switch'; name: string }[]; unpacked: string[] }

export default class Undo extends ChangingCommand {
  static override summary = 'Take a change back.';
  static override description = 'The whole of it, or nothing when something later touched the same fields. Undoing is a change too: luna undo of it does it again.';
  static override examples = ['luna undo', 'luna undo 3f9a02c41b', 'luna undo 3f9a02c41b --dry-run'];
  static override args = { change: Args.string({ description: 'the word of the change, as luna history shows it; none: your own last one', ignoreStdin: true }) };

  async run(): Promise<Undone> {
    const { args } = await this.parse(Undo);
    const undone = await this.api<Undone>('POST', `/api/v1/changes/${encodeURIComponent(args.change ?? 'last')}/undo`, undefined, { timeoutMs: MANY_MS });
    this.log(`Took back ${undone.undone}: ${undone.objects}. To do it again: luna undo ${undone.tx}`);
    for (const { kind, name } of undone.secrets) {
      const [secret, flag] = kind === 'switch' ? ['community', '--read-file'] : ['password', '--password-file'];
      this.log(`The history does not have the ${secret} of ${kind} ${name}: it has to be set again.\nNext: luna ${kind} change ${name} ${flag} -`);
    }
    for (const name of undone.unpacked) this.log(`The packed version of osimage ${name} is gone: it has to be packed again.\nNext: luna osimage pack ${name}`);
    return undone;
  }
}
