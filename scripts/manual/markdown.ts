import { EXIT_CODES } from '../../cli/manual/exit-codes.ts';
import { HELP_TOPICS } from '../../cli/manual/topics.ts';
import type { Described, DescribedFlag } from './described.ts';

/** `docs/commands.md`: every command with its flags and examples; what all of them share stands once, at the top. */
export function commandsMarkdown(commands: readonly Described[]): string {
  const topics = [...Map.groupBy(commands, ({ topic }) => topic)];
  return [
    '# Commands', '',
    'Made by `node scripts/commands-doc.ts` from the commands themselves; a test says when that is due. The same as manual pages:',
    '`man luna`, `man luna-node` and so on (installed as [operating.md](operating.md) says). In the terminal: `luna help node change`, `--help` everywhere.', '',
    topics.map(([topic]) => `[${topic}](#${topic})`).join(' · '), '',
    '## Everywhere', '',
    'A name may stand alone or behind `-n`, as in Luna 1. `--json` gives what the command answers as data, also its errors. `--debug` shows the stack of an error, and',
    "what a spelling of Luna 1 is called now. `lpower`, `lchroot`, `lweb` and `ltorrent` are Luna 1's commands beside `luna`.", '',
    '### Hostlists', '', ...fenced('', HELP_TOPICS['hostlists'] ?? ''), '',
    '### From another machine', '', ...fenced('', HELP_TOPICS['elsewhere'] ?? ''), '',
    '### Output', '', ...fenced('', HELP_TOPICS['output'] ?? ''), '',
    '### Exit codes', '', '| code | meaning |', '|---|---|', ...EXIT_CODES.map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`), '',
    ...topics.flatMap(([topic, some]) => [`## ${topic}`, '', ...some.flatMap(commandLines)]),
  ].join('\n').replace(/\n+$/, '\n');
}

function commandLines({ words, usage, summary, description, args, flags, examples }: Described): string[] {
  const own = flags.filter(({ group }) => group === undefined);
  const rows = [...args.filter(([, about]) => about !== '').map(([word, about]) => [word, about] as const), ...own.map((flag) => [flag.written, flag.about] as const)];
  return [
    `### ${words}`, '', summary, ...(description === '' ? [] : ['', description]), '',
    ...fenced('', `${usage}${outputNote(flags)}`), '',
    ...(rows.length === 0 ? [] : ['| | |', '|---|---|', ...rows.map(([left, about]) => `| \`${left.replaceAll('|', '\\|')}\` | ${cell(about)} |`), '']),
    ...fenced('sh', examples.join('\n')), '',
  ];
}

/** The flags of a table or a list are told at the top. */
function outputNote(flags: readonly DescribedFlag[]): string {
  const shared = flags.filter(({ group }) => group === 'OUTPUT').map(({ written }) => written.replace(/^.*?(--[a-z-]+).*$/, '$1'));
  return shared.length === 0 ? '' : `\n  output: ${shared.join(' ')}`;
}

function fenced(language: string, text: string): string[] {
  return [`\`\`\`${language}`, text, '```'];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
