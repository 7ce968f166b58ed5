import { after, before, beforeEach } from 'node:test';
import { Cli } from './cli.ts';
import type { CliAnswer } from './cli-host.ts';
import { type Seen, startStubApi, type Stubbed } from './stub-api.ts';

/** Gives a suite a CLI beside a stub of the API: `run` a command line, look at the requests `seen` since the test began. */
export function cliSuite(answers: (call: string) => Stubbed | undefined): { run: (...argv: string[]) => Promise<CliAnswer>; seen: () => Seen[] } {
  let api: Awaited<ReturnType<typeof startStubApi>>;
  let cli: Cli;
  before(async () => {
    api = await startStubApi(answers);
    cli = new Cli(api.dataDir);
  });
  beforeEach(() => { api.seen.length = 0; });
  after(async () => {
    await cli.stop();
    await api.stop();
  });
  return { run: (...argv) => cli.run(...argv), seen: () => api.seen };
}
