import { Flags } from '@oclif/core';
import { LunaCommand } from '../base.ts';

export default class Export extends LunaCommand {
  static override summary = 'Print the whole site as one file, to keep, compare, edit and apply.';
  static override examples = ['luna export > site.yaml', 'luna export --secrets > site.yaml', 'luna export --json'];
  static override flags = {
    secrets: Flags.boolean({ summary: 'With the BMC passwords and SNMP communities, in clear.' }),
  };

  async run(): Promise<object | undefined> {
    const { flags } = await this.parse(Export);
    const query = flags.secrets ? 'secrets=1' : '';
    if (this.jsonEnabled()) return this.api<object>('GET', `/api/v1/site?format=json&${query}`);
    // Printed at once: a line of its own for each of ten thousand nodes' MACs would take longer than all the rest.
    const lines: string[] = [];
    for await (const line of this.follow(`/api/v1/site?${query}`)) lines.push(line);
    this.log(lines.join('\n'));
    return undefined;
  }
}
