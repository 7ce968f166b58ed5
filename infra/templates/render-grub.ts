import { Rendered, sh, shQuote } from './render.ts';

/** A script of GRUB's shell; every value becomes one word in single quotes, which GRUB reads as sh does. */
export const grub = sh;

/** A message for `echo`: one line, in characters that every console has. */
export function grubText(text: string): Rendered {
  return new Rendered(shQuote(text.replace(/[^\x20-\x7e]+/g, ' ').trim()));
}

/** Words of a kernel's command line. */
export const grubWords = (words: readonly string[]): Rendered => new Rendered(words.map(shQuote).join(' '));
