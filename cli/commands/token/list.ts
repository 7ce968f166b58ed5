import type { TokenView } from '../../../domain/token.ts';
import { RowsCommand } from '../../list-command.ts';
import { listOutput } from '../../output/output-flags.ts';

const columns = [
  { title: 'Name', field: 'name', cell: (token: TokenView): unknown => token.name },
  { title: 'Role', field: 'role', cell: (token: TokenView): unknown => token.role },
  { title: 'Expires', field: 'expires', cell: (token: TokenView): unknown => (token.expired ? `expired ${token.expires ?? ''}` : token.expires ?? 'never') },
  { title: 'Made', field: 'created', cell: (token: TokenView): unknown => token.created },
  { title: 'By', field: 'by', cell: (token: TokenView): unknown => token.by },
];

export default class TokenList extends RowsCommand {
  static override summary = 'List the tokens, the expired too; secrets are never shown.';
  static override examples = ['luna token list', 'luna token list --where role=admin -o name'];
  static override flags = listOutput;

  async run(): Promise<unknown[]> {
    const { flags } = await this.parse(TokenList);
    return this.printRows(await this.api<TokenView[]>('GET', '/api/v1/tokens'), { columns }, flags);
  }
}
