/** What oclif's manifest knows of a flag. */
export interface ManifestFlag {
  name: string; type: 'boolean' | 'option'; char?: string; aliases?: string[]; summary?: string; description?: string; helpValue?: string | string[]; helpGroup?: string;
  options?: readonly string[]; required?: boolean; multiple?: boolean; hidden?: boolean; allowNo?: boolean; default?: unknown;
}
/** What it knows of a word without a dash. */
export interface ManifestArg { name: string; description?: string; required?: boolean; multiple?: boolean; options?: readonly string[]; hidden?: boolean }
/** What it knows of a command. */
export interface ManifestCommand {
  id: string; summary?: string; description?: string; hidden?: boolean; examples?: readonly unknown[]; args: Record<string, ManifestArg>; flags: Record<string, ManifestFlag>;
}

/** A flag as it is written: `-n, --name=HOSTLIST`, and what it does. `group` is a heading of its own for what many commands share. */
export interface DescribedFlag { written: string; about: string; group: string | undefined }
/** A command as a manual tells of it. */
export interface Described { words: string; topic: string; usage: string; summary: string; description: string; args: [word: string, about: string][]; flags: DescribedFlag[]; examples: string[] }

/** Everything a manual says, command by command in the order of their words; what is hidden is left out. */
export function describeCommands(commands: Readonly<Record<string, ManifestCommand>>): Described[] {
  return Object.values(commands).filter(({ hidden }) => !hidden).map(describeCommand).sort((a, b) => (a.words < b.words ? -1 : 1));
}

function describeCommand({ id, summary = '', description = '', examples = [], args, flags }: ManifestCommand): Described {
  const words = ['luna', ...id.split(':')].join(' ');
  const shownArgs = Object.values(args).filter(({ hidden }) => !hidden);
  const shownFlags = Object.values(flags).filter(({ hidden }) => !hidden);
  return {
    words,
    topic: id.split(':')[0] ?? '',
    usage: [words, ...shownArgs.map(argUsage), ...shownFlags.filter(({ required }) => required).map(flagUsage), '[options]'].join(' '),
    summary: ownText(summary),
    description: ownText(description),
    args: shownArgs.map((arg) => [arg.name.toUpperCase(), [arg.description ?? '', oneOf(arg.options)].filter((text) => text !== '').join(': ')]),
    flags: shownFlags.map(describeFlag),
    examples: examples.map((example) => ownText(String(example))),
  };
}

function argUsage({ name, required, multiple }: ManifestArg): string {
  const word = `${name.toUpperCase()}${multiple ? '...' : ''}`;
  return required ? word : `[${word}]`;
}

function flagUsage(flag: ManifestFlag): string {
  return `${flag.char === undefined ? `--${flag.name}` : `-${flag.char}`} ${valueOf(flag)}`;
}

function describeFlag(flag: ManifestFlag): DescribedFlag {
  const names = [...(flag.char === undefined ? [] : [`-${flag.char}`]), ...[flag.name, ...(flag.aliases ?? [])].map((name) => `--${flag.allowNo ? '[no-]' : ''}${name}`)];
  const more = [oneOf(flag.options), typeof flag.default === 'string' || typeof flag.default === 'number' ? `default ${flag.default}` : ''].filter((text) => text !== '');
  const about = [flag.summary ?? flag.description ?? '', more.length > 0 ? `(${more.join('; ')})` : ''].filter((text) => text !== '').join(' ');
  return { written: `${names.join(', ')}${flag.type === 'option' ? ` ${valueOf(flag)}` : ''}${flag.multiple ? ' ...' : ''}`, about: ownText(about), group: flag.helpGroup };
}

function valueOf({ name, helpValue }: ManifestFlag): string {
  const given = Array.isArray(helpValue) ? helpValue.join(' ') : helpValue;
  return given ?? name.toUpperCase();
}

function oneOf(options: readonly string[] | undefined): string {
  return options === undefined ? '' : options.join(' | ');
}

/** oclif fills in the program's name when it shows help. */
function ownText(text: string): string {
  return text.replaceAll(/<%= *config\.bin *%>/g, 'luna').trim();
}
