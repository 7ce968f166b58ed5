import { type LabStatus as Status, labStatus } from '../../../infra/lab/status.ts';
import { LunaCommand } from '../../base.ts';
import { labDir } from '../../lab-dir.ts';
import { renderLabStatus } from '../../lab-table.ts';

export default class LabStatus extends LunaCommand {
  static override summary = 'Show the lab: its machines with power, MAC, switch port and BMC.';
  static override examples = ['<%= config.bin %> lab status', '<%= config.bin %> lab status --json'];
  static override flags = { dir: labDir };

  async run(): Promise<Status> {
    const { flags } = await this.parse(LabStatus);
    const status = labStatus(flags.dir);
    this.log(renderLabStatus(status));
    return status;
  }
}
