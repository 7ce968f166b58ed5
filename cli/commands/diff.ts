import { siteArgs, SiteCommand, siteFlags } from '../site-command.ts';
import type { SiteAnswer } from '../site-text.ts';

export default class Diff extends SiteCommand {
  static override summary = 'Show what a site file would change, and what follows from it.';
  static override description = 'Exit code 0: nothing differs; 1: something does.';
  static override examples = ['luna diff -f site.yaml', 'luna diff -f site.yaml --prune'];
  static override args = siteArgs;
  static override flags = siteFlags;

  async run(): Promise<SiteAnswer> {
    const { args, flags } = await this.parse(Diff);
    const file = this.siteFile(args.file, flags.file);
    const answer = await this.send(await this.siteText(file), { prune: flags.prune, dryRun: true });
    this.tell(answer);
    if (answer.changes.length > 0) process.exitCode = 1;
    return answer;
  }
}
