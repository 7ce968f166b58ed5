import { Flags } from '@oclif/core';
import type { AuditRecord } from '../../domain/audit.ts';
import { utcText } from '../../domain/utc-text.ts';
import { RowsCommand } from '../list-command.ts';
import { listOutput } from '../output/output-flags.ts';

const columns = [
  { title: 'Time', field: 'at', cell: (line: AuditRecord): unknown => utcText(line.at) },
  { title: 'Who', field: 'by', cell: (line: AuditRecord): unknown => line.by },
  { title: 'Call', field: 'path', cell: (line: AuditRecord): unknown => `${line.method} ${line.path.replace('/api/v1', '')}` },
  { title: 'Answer', field: 'status', cell: (line: AuditRecord): unknown => line.status },
  { title: 'Why refused', field: 'reason', cell: (line: AuditRecord): unknown => line.reason },
];
const wide = [
  { title: 'Role', field: 'role', cell: (line: AuditRecord): unknown => line.role },
  { title: 'From', field: 'from', cell: (line: AuditRecord): unknown => line.from },
];

export default class Audit extends RowsCommand {
  static override summary = 'Show who called for which change, the refused ones too, newest first.';
  static override description = 'Reads stand here only when they were refused, or showed secrets. What a change did is in luna history. Times are UTC.';
  static override examples = ['luna audit', 'luna audit --refused -o wide', 'luna audit --by ansible --limit 1000 -o csv'];
  static override flags = {
    refused: Flags.boolean({ summary: 'Refused calls alone.' }),
    by: Flags.string({ summary: 'Calls of this one alone: root, or the name of a token.', helpValue: 'WHO' }),
    limit: Flags.integer({ summary: 'At most so many lines.', default: 50, min: 1, max: 10_000 }),
    ...listOutput,
  };

  async run(): Promise<unknown[]> {
    const { flags } = await this.parse(Audit);
    const query = new URLSearchParams({ limit: String(flags.limit), ...(flags.refused ? { refused: '1' } : {}), ...(flags.by === undefined ? {} : { by: flags.by }) });
    return this.printRows(await this.api<AuditRecord[]>('GET', `/api/v1/audit?${query.toString()}`), { columns, wide }, flags);
  }
}
