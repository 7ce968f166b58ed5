import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CliAnswer } from './cli-host.ts';

/**
 * A process that runs luna commands one after the other, from the sources; starting one per command would cost half a
 * second each. Its stdin is a closed pipe: texts come by `--file`.
 */
export class Cli {
  readonly #host: ChildProcess;

  /** `folder`: where commands look for the files they are given. */
  constructor(dataDir: string, env: Record<string, string> = {}, folder = process.cwd()) {
    this.#host = fork(join(import.meta.dirname, 'cli-host.ts'), { cwd: folder, env: { ...process.env, LUNA_DATA: dataDir, NODE_ENV: 'production', NO_COLOR: '1', ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Runs one command line, already split into words. */
  async run(...argv: string[]): Promise<CliAnswer> {
    this.#host.send({ argv });
    const [answer] = (await once(this.#host, 'message')) as [CliAnswer];
    return answer;
  }

  async stop(): Promise<void> {
    this.#host.disconnect();
    if (this.#host.exitCode === null) await once(this.#host, 'exit');
  }
}
