import { Args, Flags } from '@oclif/core';
import { carriedText, type ImportContext, type Imported, notesText } from '../domain/import/imported.ts';
import type { SiteFile } from '../domain/site-file.ts';
import { yamlText } from './output/formats.ts';
import { SiteCommand } from './site-command.ts';
import type { SiteAnswer } from './site-text.ts';

/** What `luna import … --json` prints: what changed and what was not carried as it was, or with `-o json` the site file alone. */
export type ImportAnswer = (SiteAnswer & { notes: Imported['notes'] }) | SiteFile;

/** What every import takes. */
export const importFlags = {
  'dry-run': Flags.boolean({ summary: 'Only show what could be carried over, what would change, and what follows from it.' }),
  output: Flags.option({ char: 'o', options: ['yaml', 'json'] as const, summary: 'Print the site file instead of applying it.' })(),
  print: Flags.boolean({ summary: 'The same as -o yaml.', exclusive: ['output'] }),
};
/** For sources that say less than luna has to know. */
export const fallbackFlags = {
  group: Flags.string({ char: 'g', summary: 'The group of nodes that are in none.', helpValue: 'GROUP' }),
};
export const imageFlag = {
  osimage: Flags.string({ summary: 'The image of groups that have none.', helpValue: 'OSIMAGE' }),
};
export const fileArgs = { files: Args.string({ description: 'files to read; - is stdin', required: true, ignoreStdin: true, multiple: true }) };

interface Chosen { 'dry-run': boolean; output?: 'yaml' | 'json' | undefined; print: boolean }

/** `luna import SOURCE FILE…`: the source becomes a site file, with a report of what could not be carried over, and is applied like any file. */
export abstract class ImportCommand extends SiteCommand {
  /** What the site has already: names of groups, networks that addresses lie in. */
  protected async context(flags: { group?: string | undefined; osimage?: string | undefined }): Promise<ImportContext> {
    const site = await this.api<SiteFile>('GET', '/api/v1/site?format=json');
    return { site, group: flags.group, osimage: flags.osimage };
  }

  /** Tells the report, then prints or applies the file. */
  protected async bring(imported: Imported, flags: Chosen): Promise<ImportAnswer> {
    const { file, notes } = imported;
    this.logToStderr(carriedText(file));
    for (const line of notesText(notes)) this.logToStderr(`Not as it was: ${line}`);
    if (flags.output === 'json') return file;
    if (flags.output === 'yaml' || flags.print) {
      this.log(await yamlText(file));
      return file;
    }
    const answer = await this.send(file, { prune: false, dryRun: flags['dry-run'] });
    this.tell(answer);
    this.log(`${flags['dry-run'] ? 'Would import' : 'Imported'}: ${this.counts(answer)}.`);
    return { ...answer, notes };
  }

  /** The files named, by name and text. */
  protected async texts(files: readonly string[]): Promise<{ name: string; text: string }[]> {
    return Promise.all(files.map(async (name) => ({ name, text: await this.siteText(name) })));
  }
}
