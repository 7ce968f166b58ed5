import { Flags } from '@oclif/core';
import { ChangingCommand } from '../../changing-command.ts';
import { objectArgs, objectFlags, selectNamed } from '../../object-selector.ts';
import type { MadeToken } from '../../../domain/token.ts';

/** Said again here: the list in domain/ brings zod along, which costs more than the whole command. */
const ROLES = ['viewer', 'operator', 'admin'] as const;

export default class TokenAdd extends ChangingCommand {
  static override summary = 'Make a token for the API.';
  static override description = [
    'viewer: reads. operator: also powers, provisions and packs. admin: also changes what is declared. Its secret is printed on stdout, once; luna keeps a hash.',
    'How the CLI uses it on another machine is told on stderr.',
  ].join('\n');
  static override examples = ['luna token add ansible --role operator --expires 30d > ansible.token', 'luna token add grafana --role viewer'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    role: Flags.option({ char: 'r', options: ROLES, summary: 'What it may do.', required: true })(),
    expires: Flags.string({ char: 'e', summary: 'How long it is good for (12h, 30d, 8w, 1y), or until when (2030-01-31). Without it: until it is revoked.', helpValue: 'TIME' }),
  };

  async run(): Promise<MadeToken> {
    const { args, flags } = await this.parse(TokenAdd);
    const name = selectNamed('token', args.name, flags.name);
    const made = await this.api<MadeToken>('POST', '/api/v1/tokens', { name, role: flags.role, ...(flags.expires === undefined ? {} : { expires: flags.expires }) });
    const { fingerprint } = await this.api<{ fingerprint: string }>('GET', '/api/v1/certificate');
    this.log(made.secret);
    this.logToStderr(`Token ${made.name} is ${made.role}${made.expires === null ? '' : ` until ${made.expires}`}. Its secret is not shown again. Elsewhere, with the secret in FILE:`);
    this.logToStderr(`export LUNA_API=https://CONTROLLER:7051 LUNA_TOKEN_FILE=FILE LUNA_API_FINGERPRINT=${fingerprint}`);
    return made;
  }
}
