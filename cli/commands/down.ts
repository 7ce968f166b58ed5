import { LunaCommand } from '../base.ts';

/** What `luna down --json` prints. `killed` names the parts that did not stop in time, `leftovers` what a crashed supervisor had left. */
export interface DownAnswer { wasRunning: boolean; killed: string[]; leftovers: string[] }

export default class Down extends LunaCommand {
  static override summary = 'Stop everything that luna up started on this machine.';
  static override description = 'Workers first, then the engines. What does not stop in time is killed, and named. Nothing is lost: installations go on at the next luna up.';
  static override examples = ['luna down'];

  async run(): Promise<DownAnswer> {
    await this.parse(Down);
    const { bringDown } = await import('../../infra/engine/down.ts');
    const result = await bringDown(process.env);
    if (result.leftovers.length > 0) this.log(`Stopped what a crashed supervisor had left: ${result.leftovers.join(', ')}.`);
    if (result.killed.length > 0) this.log(`Killed, because they did not stop in time: ${result.killed.join(', ')}.`);
    this.log(result.wasRunning ? 'luna is down.' : 'luna was not running.');
    return result;
  }
}
