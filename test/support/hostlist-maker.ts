/** A source of random choices that are the same in every run. */
export interface Dice { below(n: number): number; pick<T>(choices: readonly T[]): T }

/** Dice that fall the same for the same seed. */
export function dice(seed: number): Dice {
  let state = seed;
  const below = (n: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % n;
  };
  return { below, pick: (choices) => choices[below(choices.length)] as never };
}

/** A hostlist of one to four parts with any sign between them. Prefixes are few, so that the parts have names in common. */
export function makeHostlist(from: Dice, groups: readonly string[]): string {
  let text = makePart(from, groups);
  for (let more = from.below(4); more > 0; more -= 1) text += from.pick([',', ',', '!', '&', '^', ' , ', '! ']) + makePart(from, groups);
  return text;
}

function makePart(from: Dice, groups: readonly string[]): string {
  switch (from.below(10)) {
    case 0: return from.pick(['login', 'a', 'gpu-x', 'n3.example.org']);
    case 1: return `n${from.below(30)}`;
    case 2: return `@${from.pick(groups)}`;
    case 3: return `rack[${makeRanges(from, 3)}]n[${makeRanges(from, 2)}]`;
    case 4: return `n[${makeRanges(from, 2)}]${from.pick(['-ipmi', '.x', 'u1'])}`;
    case 5: return from.pick(['n0', 'n00', 'n'].map((prefix) => `${prefix}[${from.below(5)}-${5 + from.below(5)}]`));
    case 6: return `n[${1 + from.below(8)}-${9 + from.below(5)}]0`;
    default: return `${from.pick(['n', 'n', 'node'])}[${makeRanges(from, 2)}]`;
  }
}

function makeRanges(from: Dice, most: number): string {
  const one = (): string => {
    const width = from.pick([1, 1, 2, 3]);
    const low = from.below(20);
    const high = low + from.below(25);
    const written = (n: number): string => String(n).padStart(width, '0');
    // The two ends of a padded range are of one length.
    if (from.below(3) === 0 || (width > 1 && written(low).length !== written(high).length)) return written(low);
    return `${written(low)}-${written(high)}${from.below(4) === 0 ? `/${1 + from.below(5)}` : ''}`;
  };
  return Array.from({ length: 1 + from.below(most) }, one).join(',');
}
