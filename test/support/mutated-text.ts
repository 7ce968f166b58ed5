import type { Random } from './random.ts';

/** What stands in the texts people type, and what never should. */
const PIECES = ['.', ':', '::', '/', '-', ',', '[', ']', '!', '&', '^', '@', '*', '%', ' ', '\n', '\0', '0', '00', '1', '9', '255', '256', '4294967296', '99999999999999999999', '1e3', '0x', 'f', 'ffff', 'g',
  'é', '٣', '😀', '\ud800', '\u200b', 'node', 'default', 'null', '__proto__', 'constructor', '/32', '/128', '/129', '-1', '1-', '[1-3]', '[3-1]', '[1-9/0]', '%eth0'] as const;

/** A text of no meaning, or one of `models` with a few things changed in it. */
export function mutatedText(random: Random, models: readonly string[]): string {
  if (random.once(6)) return Array.from({ length: random.below(24) }, () => random.of(PIECES)).join('');
  let text = random.of(models);
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) text = mutated(text, random);
  return random.once(200) ? text.repeat(1 + random.below(400)) : text;
}

function mutated(text: string, random: Random): string {
  const [from, to] = [random.below(text.length + 1), random.below(text.length + 1)].sort((a, b) => a - b) as [number, number];
  switch (random.below(5)) {
    case 0: return text.slice(0, from) + random.of(PIECES) + text.slice(from);
    case 1: return text.slice(0, from) + text.slice(to);
    case 2: return text.slice(0, to) + text.slice(from);
    case 3: return text.slice(0, from) + random.of(PIECES) + text.slice(from + 1);
    default: return text.slice(0, from) + String.fromCharCode(random.below(0x250)) + text.slice(from + 1);
  }
}
