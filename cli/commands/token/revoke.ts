import { ChangingCommand } from '../../changing-command.ts';
import { objectArgs, objectFlags, selectNamed } from '../../object-selector.ts';

export default class TokenRevoke extends ChangingCommand {
  static override summary = 'Revoke a token: whoever shows it is refused at once.';
  static override examples = ['luna token revoke ansible'];
  static override args = objectArgs;
  static override flags = objectFlags;

  async run(): Promise<{ revoked: string }> {
    const { args, flags } = await this.parse(TokenRevoke);
    const name = selectNamed('token', args.name, flags.name);
    await this.api('DELETE', `/api/v1/tokens/${encodeURIComponent(name)}`);
    this.log(`Revoked token ${name}.`);
    return { revoked: name };
  }
}
