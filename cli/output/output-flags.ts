import { Flags } from '@oclif/core';
import { type Format, FORMATS } from './formats.ts';

const helpGroup = 'OUTPUT';

const output = {
  options: FORMATS,
  summary: 'How it is printed. table: for people; wide: more of it; name: names alone, for pipes.',
  helpGroup,
};

/** How what is shown is printed. */
export const showOutput = { output: Flags.option({ char: 'o', ...output })() };

/** The same where `-o` had a meaning in Luna 1; `-o json` is understood all the same (see {@link formatFlag}). */
export const showOutputLong = { output: Flags.option(output)() };

/** How a list is printed, and what of it. */
export const listOutput = {
  ...showOutput,
  columns: Flags.string({ summary: 'These fields, in this order: name,interfaces.ip', helpValue: 'A,B', helpGroup }),
  sort: Flags.string({ summary: 'By these fields; -FIELD backwards.', helpValue: 'A,-B', helpGroup }),
  where: Flags.string({ summary: "Only where it holds: 'field=value', also with != ~ !~ < >. May be repeated; all have to hold.", helpValue: 'CONDITION', multiple: true, multipleNonGreedy: true, helpGroup }),
};

/** What {@link listOutput} reads. */
export interface ListOutput { output?: Format | undefined; columns?: string | undefined; sort?: string | undefined; where?: string[] | undefined }

/** `-o json` as `--output json`, for commands in which `-o` alone means something else; `--sort -name` as `--sort !name`, which oclif doesn't take for `-n ame`. */
export function formatFlag(argv: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const [word = '', next = ''] = argv.slice(i, i + 2);
    if (word === '--') return [...out, ...argv.slice(i)];
    const [, sort] = /^--sort=-(.*)$/s.exec(word) ?? [];
    if (sort !== undefined) out.push('--sort', `!${sort}`);
    else if (word === '--sort' && next.startsWith('-')) {
      out.push(word, `!${next.slice(1)}`);
      i += 1;
    } else out.push(word === '-o' && (FORMATS as readonly string[]).includes(next) ? '--output' : word);
  }
  return out;
}

/** Whether the words ask for JSON by `-o json`, `--output json` or the like. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  return words.some((word, i) => word === '--output=json' || word === '-ojson' || ((word === '--output' || word === '-o') && words[i + 1] === 'json'));
}
