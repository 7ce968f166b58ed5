import { Errors, Flags } from '@oclif/core';
import { foldHostlist } from '../../../domain/hostlist-fold.ts';
import { STAGES } from '../../../domain/stages.ts';
import type { ProvisionStarted, ProvisionStatus } from '../../../domain/run-views.ts';
import { MANY_MS } from '../../api.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { followProvision, type StartedRun } from '../../follow-provision.ts';
import { Interrupted, interruptible, INTERRUPTED_EXIT } from '../../interrupt.ts';
import { listArgs, listFlags } from '../../object-selector.ts';
import { outcomeText, statusPath } from '../../provision-status.ts';

type Answer = ProvisionStarted | ProvisionStatus;

export default class Provision extends ChangingCommand {
  static override summary = 'Install nodes: power on, boot, download, install, until each reports in.';
  static override description =
    'Shows a line per node until all are done. Ctrl-C stops showing, not installing; the same command looks again. ' +
    'A node that is being installed already is followed, not started twice. Exits with 1 when a node failed.';
  static override examples = [
    'luna provision node001',
    'luna provision node[001-072]',
    'luna provision node001 --retry',
    'luna provision node001 --retry --from postscript',
    'luna provision node[001-003] --no-wait --json',
  ];
  static override args = listArgs;
  static override flags = {
    ...listFlags,
    retry: Flags.boolean({ summary: 'Go on where the last run failed: with the agent that still runs there, or else from power on. A node whose last run completed is refused.' }),
    from: Flags.string({ summary: 'Start at this stage.', options: STAGES, dependsOn: ['retry'], helpValue: 'STAGE' }),
    wait: Flags.boolean({ summary: 'Follow until all are done; --no-wait returns the ids.', default: true, allowNo: true }),
  };

  async run(): Promise<Answer[]> {
    const { args, flags } = await this.parse(Provision);
    const nodes = await this.nodes(args.name, flags.name);
    const started = await this.api<ProvisionStarted[]>('POST', '/api/v1/provision', { nodes, retry: flags.retry, from: flags.from }, { timeoutMs: MANY_MS });
    const refused = started.filter((answer) => 'error' in answer);
    for (const { node, error } of refused) this.logToStderr(`${node}: Error: ${error}`);
    if (refused.length > 0) process.exitCode = refused.length === nodes.length ? 255 : 1;
    const runs = started.filter((answer) => 'runId' in answer);
    if (!flags.wait) {
      for (const { node, workflowId, runId, attached } of runs) this.log(`${node}: ${workflowId} ${runId}${attached ? ' (was running already)' : ''}`);
      return started;
    }
    return runs.length === 0 ? refused : [...refused, ...(await this.followRuns(runs))];
  }

  private async followRuns(runs: readonly StartedRun[]): Promise<ProvisionStatus[]> {
    const nodes = runs.map((run) => run.node);
    const { signal, stop } = interruptible();
    try {
      // With --json stdout is for the result, so people look at stderr.
      const out = this.jsonEnabled() ? process.stderr : process.stdout;
      const ended = await followProvision(runs, () => this.api('GET', statusPath(nodes), undefined, { signal }), out, signal);
      for (const status of ended.filter((s) => s.status !== 'completed')) this.tellFailure(status);
      return ended;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      const list = foldHostlist(nodes);
      this.logToStderr(`\nStill going on. Look again: luna provision status ${list}\nFollow again: luna provision ${list}\nEnd it: luna provision cancel ${list}`);
      throw new Errors.ExitError(INTERRUPTED_EXIT);
    } finally {
      stop();
    }
  }

  private tellFailure(status: ProvisionStatus): void {
    process.exitCode = 1;
    this.logToStderr(`${status.nodeName}: ${outcomeText(status)}: ${status.reason === '' ? 'no reason is known' : status.reason}`);
    this.logToStderr(`  Next: ${status.next === '' ? `luna provision log ${status.nodeName}` : status.next}`);
  }
}
