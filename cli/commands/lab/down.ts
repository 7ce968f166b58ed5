import { Flags } from '@oclif/core';
import { labDown } from '../../../infra/lab/down.ts';
import { LunaCommand } from '../../base.ts';
import { labDir } from '../../lab-dir.ts';

export default class LabDown extends LunaCommand {
  static override summary = 'Stop and remove the lab: its machines, processes, network namespace and files.';
  static override examples = ['<%= config.bin %> lab down', '<%= config.bin %> lab down --keep-files'];
  static override flags = {
    dir: labDir,
    'keep-files': Flags.boolean({ summary: "Leave disks, logs and the controller's data." }),
  };

  async run(): Promise<{ removed: boolean }> {
    const { flags } = await this.parse(LabDown);
    const removed = await labDown(flags.dir, { keepFiles: flags['keep-files'] });
    this.log(removed ? `The lab in ${flags.dir} is gone.` : `There is no lab in ${flags.dir}; nothing was done.`);
    return { removed };
  }
}
