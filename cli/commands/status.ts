import type { InstanceStatus } from '../../infra/engine/status.ts';
import { LunaCommand } from '../base.ts';
import { statusText } from '../instance-text.ts';

export default class Status extends LunaCommand {
  static override summary = 'Show each part of luna on this machine: state, process, address, health.';
  static override description = 'Exit code 0: all of it serves. 1: something does not. 3: luna is not running.';
  static override examples = ['luna status', 'luna status --json'];

  async run(): Promise<InstanceStatus> {
    await this.parse(Status);
    const { instanceStatus } = await import('../../infra/engine/status.ts');
    const status = instanceStatus(process.env);
    this.log(statusText(status, Date.now()));
    if (status.phase === 'stopped') process.exitCode = 3;
    else if (status.phase !== 'ready' || status.parts.some((part) => !part.health.ok)) process.exitCode = 1;
    return status;
  }
}
