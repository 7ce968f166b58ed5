import { Flags } from '@oclif/core';
import { siteArgs, SiteCommand, siteFlags } from '../site-command.ts';
import type { SiteAnswer } from '../site-text.ts';

export default class Apply extends SiteCommand {
  static override summary = 'Make the site what a file says: all of it or nothing.';
  static override examples = ['luna apply -f site.yaml', 'luna apply -f site.yaml --dry-run', 'luna export | luna apply -f -'];
  static override args = siteArgs;
  static override flags = {
    ...siteFlags,
    'dry-run': Flags.boolean({ summary: 'Only show what would change, and what follows from it.' }),
  };

  async run(): Promise<SiteAnswer> {
    const { args, flags } = await this.parse(Apply);
    const file = this.siteFile(args.file, flags.file);
    const dryRun = flags['dry-run'];
    const answer = await this.send(await this.siteText(file), { prune: flags.prune, dryRun });
    this.tell(answer);
    this.log(`${dryRun ? 'Would apply' : 'Applied'} ${file}: ${this.counts(answer)}.`);
    return answer;
  }
}
