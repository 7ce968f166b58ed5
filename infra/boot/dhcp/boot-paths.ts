import { createRecent } from '../recent.ts';
import type { Mac } from '../../../domain/mac.ts';
import type { Client } from './client.ts';

/** How far a machine came with the file it was given. */
export type Reached = 'ipxe' | 'script';

/** Which of its boot paths a machine is on, and why when it isn't the first. */
export interface BootPath {
  /** Boots in a row that did not arrive. */
  readonly path: number;
  readonly why: string;
  /** Whether this is a ROM's own iPXE that the site wants another loaded by; it counts as a PXE ROM then. */
  readonly replaced?: true;
}

/** Remembers of each machine how its boots went, so that one that fell out of a path is given the next. */
export interface BootPaths {
  /**
   * A boot program asks. A DISCOVER begins a boot; `start` is the path of a machine that nothing is known of; `replace`:
   * the site wants another iPXE than that of its ROM.
   */
  asked(client: Client, discover: boolean, start: number, replace?: boolean): BootPath;
  /** It took what it was offered: an address and a file. */
  given(client: Client, file: string | null): void;
  /** It got so far. */
  reached(mac: Mac, what: Reached): void;
}

/** Machines remembered at least; beyond it those not heard for longest begin anew. */
const machines = 20_000;

type BootClass = 'pxe' | 'http' | 'ipxe';
interface Attempt { path: number; why: string; given: string | null; reached: Reached | null }
/** A machine's attempts by what its firmware is: one may try PXE, then HTTP, then PXE again. */
interface Machine { latest: BootClass; attempts: Map<BootClass, Attempt>; replaced: boolean }

/**
 * A boot that did not arrive is seen by the next one: the firmware asks again, though it was given a file and no boot
 * script was fetched since. iPXE that asks after a ROM was given a file is that file, not the next boot.
 */
export function createBootPaths(): BootPaths {
  const known = createRecent<Mac, Machine>(machines);

  function machineOf(mac: Mac, kind: BootClass): Machine {
    const before = known.get(mac);
    if (before !== undefined) return before;
    const machine = { latest: kind, attempts: new Map<BootClass, Attempt>(), replaced: false };
    known.set(mac, machine);
    return machine;
  }

  return {
    asked(client, discover, start, replace = false) {
      if (client.class === 'other') return { path: 0, why: '' };
      const machine = machineOf(client.mac, client.class);
      const rom = machine.attempts.get(machine.latest);
      // The iPXE that it loads says the same of itself as the ROM's. What was given and fetched no script yet is what asks now.
      if (discover || !replace) machine.replaced = replace && client.class === 'ipxe' && (!rom?.given || rom.reached === 'script');
      const kind = machine.replaced ? 'pxe' : client.class;
      if (kind === 'ipxe' && machine.latest !== 'ipxe' && rom?.given) {
        rom.reached ??= 'ipxe';
        return { path: 0, why: rom.why };
      }
      machine.latest = kind;
      const attempt = machine.attempts.get(kind) ?? { path: start, why: start === 0 ? '' : 'its run asks for another boot path', given: null, reached: null };
      machine.attempts.set(kind, attempt);
      if (discover && attempt.given !== null) begin(attempt);
      return { path: attempt.path, why: attempt.why, ...(machine.replaced && { replaced: true }) };
    },
    given({ class: sort, mac }, file) {
      const machine = known.get(mac);
      const kind = machine?.replaced && sort === 'ipxe' ? 'pxe' : sort;
      if (machine === undefined || kind === 'other' || kind !== machine.latest) return;
      const attempt = machine.attempts.get(kind);
      if (attempt !== undefined) attempt.given = file;
    },
    reached(mac, what) {
      const machine = known.get(mac);
      const attempt = machine?.attempts.get(machine.latest);
      if (attempt?.given) attempt.reached = what;
    },
  };
}

/** The next boot: on the same path when the last one arrived, else on the next. */
function begin(attempt: Attempt): void {
  const { given, reached, path } = attempt;
  if (reached === 'script') attempt.why = path === 0 ? '' : `${String(given)} arrived last time`;
  else {
    attempt.path += 1;
    attempt.why = reached === 'ipxe' ? `iPXE came up from ${String(given)} but fetched no boot script` : `${String(given)} was given and nothing came of it`;
  }
  attempt.given = null;
  attempt.reached = null;
}
