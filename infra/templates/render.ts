import { LunaError } from '../../domain/errors.ts';

/** Text that is already valid in its language and is put in as it is. Made by the tags below, or by `verbatim`. */
export class Rendered {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What may stand between the braces of a template. Lists are joined by newlines, null leaves nothing behind. */
export type Value = string | number | null | Rendered | readonly Rendered[];

/** Puts a text in unchanged: a site's own script. */
export const verbatim = (text: string): Rendered => new Rendered(text);

/** An iPXE script; every value becomes one word. iPXE has no quoting, so a value it would split or expand is refused. */
export const ipxe = tag(ipxeWord);

/** A POSIX shell script; every value becomes one single-quoted word. */
export const sh = tag(shQuote);

/**
 * A value as one iPXE word. Throws LunaError for what iPXE can't carry: blanks (they split), `${` (it expands settings, also
 * in the result of an expansion), a leading `#` and the words `||`, `&&`, `;` (core/exec.c, command_terminator).
 */
export function ipxeWord(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('${') || /^(#.*|\|\||&&|;)$/.test(text)) {
    throw new LunaError('invalid', `iPXE can't carry '${text}' as one word`, 'take blanks, ${, # and separators out of it');
  }
  return text;
}

/** A message for `echo` in an iPXE script: what iPXE would act on is shown in a form it doesn't understand. */
export function ipxeText(text: string): Rendered {
  const plain = text.replace(/[^\x20-\x7e]+/g, ' ').replaceAll('${', '$ {');
  return new Rendered(plain.split(/ +/).map((word) => (/^(#.*|\|\||&&|;)$/.test(word) ? `"${word}"` : word)).join(' ').trim());
}

/** Several iPXE words, one after another. */
export const ipxeWords = (words: readonly string[]): Rendered => new Rendered(words.map(ipxeWord).join(' '));

/** A value as one POSIX shell word in single quotes; newlines stay. NUL, which no shell can hold, is dropped. */
export function shQuote(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}

function tag(escape: (text: string) => string): (strings: TemplateStringsArray, ...values: readonly Value[]) => Rendered {
  const put = (value: Value | undefined): string => {
    if (value === null || value === undefined) return '';
    if (value instanceof Rendered) return value.text;
    if (typeof value === 'object') return value.map((one) => one.text).join('\n');
    return escape(String(value));
  };
  return (strings, ...values) => new Rendered(strings.map((part, i) => part + put(values[i])).join(''));
}
