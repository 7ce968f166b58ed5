import { Flags } from '@oclif/core';
import type { RunSummary } from '../../../domain/provision.ts';
import { RowsCommand } from '../../list-command.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';
import { listOutput } from '../../output/output-flags.ts';
import { RUN_COLUMNS, stageTable } from '../../run-columns.ts';

export default class ProvisionHistory extends RowsCommand {
  static override summary = 'Show the provisions of a node, newest first.';
  static override examples = ['luna provision history node001', 'luna provision history node001 --stages'];
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...listOutput, stages: Flags.boolean({ summary: 'The stages of each, with their times.' }) };

  async run(): Promise<unknown[]> {
    const { args, flags } = await this.parse(ProvisionHistory);
    const node = selectObject('node', args.name, flags.name);
    const runs = await this.api<RunSummary[]>('GET', `/api/v1/provision/${encodeURIComponent(node)}/history`);
    if (!flags.stages) return this.printRows(runs, { columns: RUN_COLUMNS }, flags);
    for (const run of runs) this.log(`${run.startedAt} ${run.status} (run ${run._id})\n${stageTable(run)}`);
    return runs;
  }
}
