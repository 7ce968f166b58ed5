import { Flags } from '@oclif/core';
import { LunaCommand } from '../base.ts';
import { partLine, progressLines } from '../instance-text.ts';

/** What `luna up --json` prints: whether it ran before, and its parts. */
export interface UpAnswer { already: boolean; dataDir: string; parts: object[] }

export default class Up extends LunaCommand {
  static override summary = 'Start everything on this machine and return when it is ready.';
  static override description = [
    'Starts Temporal and the document database (unless the configuration names others), the API, the boot services, the seeder and the workers,',
    'and keeps them running: what ends is started again. Data, logs and sockets are below LUNA_DATA (default /var/lib/luna).',
  ].join('\n');

  static override examples = ['luna up', 'luna up --foreground'];
  static override flags = {
    foreground: Flags.boolean({ char: 'f', summary: 'Stay, and stop everything on Ctrl-C or SIGTERM.' }),
  };

  async run(): Promise<UpAnswer> {
    const { flags } = await this.parse(Up);
    const { bringUp } = await import('../../infra/engine/up.ts');
    const report = progressLines((line) => { this.log(line); });
    if (flags.foreground) {
      const { stayUp } = await import('../../infra/engine/stay-up.ts');
      const state = await stayUp(process.env, report);
      return { already: false, dataDir: state.dataDir, parts: state.parts };
    }
    const { already, dataDir, state } = await bringUp(process.env, { changed: report });
    if (already) for (const part of state.parts) this.log(partLine(part));
    this.log(already ? `luna is up already; data in ${dataDir}` : `luna is up; data in ${dataDir}`);
    return { already, dataDir, parts: state.parts };
  }
}
