import { EXIT_CODES } from '../../cli/manual/exit-codes.ts';
import { HELP_TOPICS } from '../../cli/manual/topics.ts';
import type { Described, DescribedFlag } from './described.ts';

/** What stands at the foot of every page. */
export interface Edition { version: string; date: string }

/** Luna 1's commands, and the page that tells of each. */
const STAND_FOR: Readonly<Record<string, string>> = { lpower: 'power', lchroot: 'osimage', lweb: 'service', ltorrent: 'service' };

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['LUNA_DATA', 'The directory of the instance (/var/lib/luna). The CLI finds the API by the socket below it.'],
  ['LUNA_API', 'https://HOST:PORT of a controller elsewhere, instead of the socket.'],
  ['LUNA_TOKEN_FILE', 'The file that holds the token for LUNA_API.'],
  ['LUNA_API_FINGERPRINT', 'The fingerprint of its certificate, as luna fingerprint shows it there; LUNA_API_FINGERPRINT_FILE names a file that holds it.'],
  ['VISUAL, EDITOR', 'What texts are edited with on a terminal (vi).'],
  ['NO_COLOR', 'No colours, on a terminal neither.'],
];

/** The manual pages by file name: `luna.1`, one for each first word of a command, and Luna 1's commands. */
export function manPages(commands: readonly Described[], edition: Edition): Map<string, string> {
  const topics = [...Map.groupBy(commands, ({ topic }) => topic)];
  const pages = new Map([['luna.1', rootPage(topics, edition)]]);
  for (const [topic, some] of topics) {
    const old = Object.keys(STAND_FOR).filter((name) => STAND_FOR[name] === topic);
    const page = topicPage(topic, some, old, edition);
    for (const name of [`luna-${topic}`, ...old]) pages.set(`${name}.1`, page);
  }
  return pages;
}

function rootPage(topics: readonly (readonly [string, readonly Described[]])[], edition: Edition): string {
  return page([
    head('luna', edition),
    '.SH NAME', 'luna \\- install bare\\-metal clusters',
    '.SH SYNOPSIS', '.B luna', '.I COMMAND', '[options]',
    '.SH DESCRIPTION',
    prose('Powers servers on over IPMI, finds each by its switch port, boots it over the network, spreads one image among all of them, and runs each step of each node as a step of a durable workflow.'),
    '.SH COMMANDS', ...topics.flatMap(([topic, some]) => ['.TP', `.B luna\\-${code(topic)}(1)`, prose(topicSummary(topic, some))]),
    '.SH HOSTLISTS', ...literal(HELP_TOPICS['hostlists'] ?? ''),
    '.SH ELSEWHERE', ...literal(HELP_TOPICS['elsewhere'] ?? ''),
    '.SH OUTPUT', ...literal(HELP_TOPICS['output'] ?? ''),
    '.SH EXIT STATUS', ...EXIT_CODES.flatMap(([number, meaning]) => ['.TP', `.B ${number}`, prose(meaning)]),
    '.SH ENVIRONMENT', ...ENVIRONMENT.flatMap(([name, about]) => ['.TP', `.B ${code(name)}`, prose(about)]),
  ]);
}

function topicPage(topic: string, commands: readonly Described[], old: readonly string[], edition: Edition): string {
  return page([
    head(`luna-${topic}`, edition),
    '.SH NAME', `${[`luna-${topic}`, ...old].map(code).join(', ')} \\- ${plain(topicSummary(topic, commands))}`,
    '.SH SYNOPSIS', '.nf', ...commands.map(({ usage }) => line(code(usage))), '.fi',
    '.SH COMMANDS', ...commands.flatMap(commandLines),
    '.SH SEE ALSO', '.BR luna (1):', 'hostlists, output, exit status, environment.',
  ]);
}

function commandLines({ words, summary, description, args, flags, examples }: Described): string[] {
  return [
    `.SS ${code(words)}`, prose(summary), ...(description === '' ? [] : ['.PP', prose(description)]),
    ...args.filter(([, about]) => about !== '').flatMap(([word, about]) => ['.TP', `.I ${code(word)}`, prose(about)]),
    ...flags.flatMap(flagLines),
    '.PP', examples.length === 1 ? 'Example:' : 'Examples:', ...literal(examples.join('\n')),
  ];
}

function flagLines({ written, about }: DescribedFlag): string[] {
  return ['.TP', `.B ${code(written)}`, about === '' ? '.br' : prose(about)];
}

function topicSummary(topic: string, commands: readonly Described[]): string {
  const [only, ...others] = commands;
  const whole = commands.find(({ words }) => words === `luna ${topic}`) ?? (others.length === 0 ? only : undefined);
  return whole?.summary.split('\n', 1)[0]?.replace(/\.$/, '') ?? `${topic}: ${commands.map(({ words }) => words.split(' ').slice(2).join(' ')).join(', ')}`;
}

function head(name: string, { version, date }: Edition): string {
  return `.TH ${name.toUpperCase()} 1 ${date} "luna ${version}" "luna"`;
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

/** Text as it is, in a block of its own. */
function literal(text: string): string[] {
  return ['.RS 2', '.nf', ...text.split('\n').map((row) => (row === '' ? '\\&' : line(code(row)))), '.fi', '.RE'];
}

/** Running text; line breaks are spaces. */
function prose(text: string): string {
  return line(plain(text));
}

function plain(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll(/\s*\n\s*/g, ' ').replaceAll('…', '...');
}

/** Text that is typed: roff would make it prettier. */
function code(text: string): string {
  return plain(text).replaceAll('-', '\\-').replaceAll("'", '\\(aq').replaceAll('`', '\\(ga').replaceAll('^', '\\(ha').replaceAll('~', '\\(ti');
}

/** A line that begins with a dot or a quote would be a request to roff. */
function line(text: string): string {
  return /^[.']/.test(text) ? `\\&${text}` : text;
}
