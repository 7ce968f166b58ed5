import { Args, Errors, Flags } from '@oclif/core';
import { LunaCommand } from './base.ts';
import { changesText, countsText, type SiteAnswer } from './site-text.ts';
import { readNamed, readStdin } from './text-input.ts';

/** What every command that sends a site file takes. */
export const siteFlags = {
  file: Flags.string({ char: 'f', summary: 'The site file; - is stdin.', helpValue: 'FILE' }),
  prune: Flags.boolean({ summary: 'Remove what the sections of the file do not name.' }),
};

/** The same file, for those who write it without `-f`. */
export const siteArgs = { file: Args.string({ description: 'the site file, for those who write it without -f', ignoreStdin: true }) };

/** `luna diff`, `luna apply`: a site file goes to the API, which says what differs. */
export abstract class SiteCommand extends LunaCommand {
  /** The file that is named, in one way or the other. Throws a usage error when none is. */
  protected siteFile(positional: string | undefined, flag: string | undefined): string {
    const file = flag ?? positional;
    if (file === undefined || (flag !== undefined && positional !== undefined)) throw new Errors.CLIError('Which site file? Name one: -f FILE; - is stdin.', { exit: 2 });
    return file;
  }

  /** The text of the file. */
  protected siteText(file: string): Promise<string> | string {
    return file === '-' ? readStdin() : readNamed(file);
  }

  /** Sends a site file. A file of ten thousand nodes takes its time. */
  protected send(body: unknown, { prune, dryRun }: { prune: boolean; dryRun: boolean }): Promise<SiteAnswer> {
    const query = [...(prune ? ['prune=1'] : []), ...(dryRun ? ['dry_run=1'] : [])].join('&');
    return this.api<SiteAnswer>('POST', `/api/v1/site?${query}`, body, { timeoutMs: 600_000 });
  }

  /** Prints what differs and what follows from it. */
  protected tell({ changes, consequences = [] }: SiteAnswer): void {
    if (changes.length > 0) this.log(changesText(changes));
    if (consequences.length > 0) this.log(`\nThen:\n${consequences.map((line) => `  ${line}`).join('\n')}`);
  }

  /** `3 added, 1 changed`. */
  protected counts({ changes }: SiteAnswer): string {
    return countsText(changes);
  }
}
