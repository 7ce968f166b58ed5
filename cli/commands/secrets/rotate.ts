import { ChangingCommand } from '../../changing-command.ts';

export default class SecretsRotate extends ChangingCommand {
  static override summary = 'Seal BMC passwords and SNMP communities in the database with a new key.';
  static override description = 'The old key is forgotten. Backups of the database from before need the key file from before: see docs/operating.md.';
  static override examples = ['luna secrets rotate'];

  async run(): Promise<{ sealed: number }> {
    await this.parse(SecretsRotate);
    const answer = await this.api<{ sealed: number }>('POST', '/api/v1/secrets/rotate');
    this.log(`Sealed ${answer.sealed} secret${answer.sealed === 1 ? '' : 's'} with a new key. Back the new key file up.`);
    return answer;
  }
}
