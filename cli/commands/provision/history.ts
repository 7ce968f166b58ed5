import { Flags } from '@oclif/core';
import type { RunSummary } from '../../../domain/provision.ts';
import { LunaCommand } from '../../base.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';
import { RUN_COLUMNS, stageTable } from '../../run-columns.ts';
import { table } from '../../table.ts';

export default class ProvisionHistory extends LunaCommand {
  static override summary = 'Show the provisions of a node, newest first.';
  static override examples = ['luna provision history node001', 'luna provision history node001 --stages'];
  static override args = objectArgs;
  static override flags = { ...objectFlags, stages: Flags.boolean({ summary: 'The stages of each, with their times.' }) };

  async run(): Promise<RunSummary[]> {
    const { args, flags } = await this.parse(ProvisionHistory);
    const node = selectObject('node', args.name, flags.name);
    const runs = await this.api<RunSummary[]>('GET', `/api/v1/provision/${encodeURIComponent(node)}/history`);
    if (flags.stages) for (const run of runs) this.log(`${run.startedAt} ${run.status} (run ${run._id})\n${stageTable(run)}`);
    else this.log(table(RUN_COLUMNS, runs));
    return runs;
  }
}
