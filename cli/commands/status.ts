import type { InstanceStatus } from '../../infra/engine/status.ts';
import type { RogueView } from '../../domain/rogue-server.ts';
import { LunaCommand } from '../base.ts';
import { rogueWarnings } from '../rogue-text.ts';
import { statusText } from '../instance-text.ts';

export default class Status extends LunaCommand {
  static override summary = 'Show each part of luna on this machine: state, process, address, health; and DHCP servers that are not luna\'s.';
  static override description = 'Exit code 0: all of it serves. 1: something does not. 3: luna is not running.';
  static override examples = ['luna status', 'luna status --json'];

  async run(): Promise<InstanceStatus & { rogues: RogueView[] }> {
    await this.parse(Status);
    const { instanceStatus } = await import('../../infra/engine/status.ts');
    const status = instanceStatus(process.env);
    this.log(statusText(status, Date.now()));
    const rogues = status.phase === 'ready' ? await this.rogues() : [];
    for (const line of rogueWarnings(rogues)) this.log(line);
    if (status.phase === 'stopped') process.exitCode = 3;
    else if (status.phase !== 'ready' || status.parts.some((part) => !part.health.ok)) process.exitCode = 1;
    return { ...status, rogues };
  }

  /** What can't be told is no reason to tell nothing: the table says how the API is. */
  private async rogues(): Promise<RogueView[]> {
    return this.api<RogueView[]>('GET', '/api/v1/boot/rogues', undefined, { timeoutMs: 2000 }).catch(() => []);
  }
}
