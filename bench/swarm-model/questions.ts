import type { Case } from './case.ts';

/** A site that cannot be measured here. */
export interface Question { readonly name: string; readonly site: string; readonly figure: string; readonly plan: Case }

const GiB = 1024 ** 3;

/** Racks of 36 whose uplinks carry a quarter of what their machines can. */
const RACKS = { perSwitch: 36, oversubscribed: 4 };

/**
 * One image of 1 GiB. So that it can be computed, pieces are sent whole and are larger than the 256 KiB that a torrent has
 * (512 instead of 4096): what a piece takes at each hop is overstated eight times.
 */
function question(machines: number, gbit: number, how: 'flat' | 'racks' | 'racks unknown', changes: Partial<Case> = {}, pieces = PIECES): Question {
  const stripes = changes.stripes ?? 3;
  const special = [stripes === 3 ? '' : `${stripes} stripes`, pieces === PIECES ? '' : `${pieces} pieces`].filter(Boolean).join(', ');
  return {
    name: `${machines} machines${special === '' ? '' : `, ${special}`}`,
    site: `${gbit} Gb/s, ${{ flat: 'one switch', racks: 'racks of 36, 4:1', 'racks unknown': 'racks of 36, 4:1, unknown to the tracker' }[how]}`,
    figure: `x_${machines}_${gbit}g_${how.replace(' ', '_')}${stripes === 3 ? '' : `_k${stripes}`}${pieces === PIECES ? '' : `_p${pieces}`}`,
    plan: {
      machines, rate: gbit * 125e6, bytes: GiB, pieceLength: GiB / pieces, blockLength: GiB / pieces, stripes, stagger: 0, slow: null, seed: 1,
      switches: how === 'flat' ? null : RACKS, switchesKnown: how === 'racks', ...changes,
    },
  };
}

const PIECES = 512;

/** In the order of what they cost to compute. */
export const questions: readonly Question[] = [
  question(300, 1, 'flat'),
  question(300, 1, 'flat', {}, 2048),
  question(300, 1, 'flat', { stripes: 4 }),
  question(300, 1, 'flat', { stripes: 8 }),
  question(300, 10, 'flat'),
  question(300, 1, 'racks'),
  question(300, 1, 'racks unknown'),
  question(1000, 1, 'flat'),
  question(1000, 1, 'racks'),
  question(1000, 10, 'racks'),
  question(5000, 1, 'racks'),
  question(5000, 10, 'racks'),
];
