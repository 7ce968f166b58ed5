import { Args, Flags } from '@oclif/core';
import { attachConsole, followSerialLog, readSerialLog } from '../../../infra/lab/console.ts';
import { LunaCommand } from '../../base.ts';
import { labDir } from '../../lab-dir.ts';

export default class LabConsole extends LunaCommand {
  static override summary = "Attach to a machine's serial console; Ctrl-] leaves.";
  static override description = 'Without a terminal it prints what the console has said so far, and with --follow what it says from now on.';
  static override examples = ['<%= config.bin %> lab console node001', '<%= config.bin %> lab console node001 --follow | grep -a Linux'];
  static override enableJsonFlag = false;
  static override args = { machine: Args.string({ description: 'node001 and so on.', required: true }) };
  static override flags = {
    dir: labDir,
    follow: Flags.boolean({ char: 'f', summary: 'Go on printing (where there is no terminal).' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(LabConsole);
    if (process.stdin.isTTY && process.stdout.isTTY && !flags.follow) {
      await attachConsole(flags.dir, args.machine, process.stdin, process.stdout);
      return;
    }
    if (!flags.follow) {
      process.stdout.write(readSerialLog(flags.dir, args.machine));
      return;
    }
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    for await (const bytes of followSerialLog(flags.dir, args.machine, stop.signal)) process.stdout.write(bytes);
  }
}
