import { LunaError } from '../../domain/errors.ts';
import type { Done } from '../../domain/many.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import type { Store } from './connect.ts';

/** So many refusals are told before the rest is counted. */
const TOLD = 8;

/** Ends a transaction that met refusals, so that it can begin again without those that were refused. */
class Again extends Error {}

/**
 * Does the same to each of some objects, in one transaction. `each` false: all of them or none, and the refusal
 * tells what is wrong with every one. `each` true: those that can be, and of the others why not.
 */
export async function doToEach(store: Store, by: string, names: readonly string[], each: boolean, work: (tx: Tx, name: string) => Promise<unknown>): Promise<Done[]> {
  const unique = [...new Set(names)];
  const refused = new Map<string, LunaError>();
  for (;;) {
    try {
      await changeObjects(store, by, async (tx) => {
        const before = refused.size;
        for (const name of unique) {
          if (refused.has(name)) continue;
          try {
            await work(tx, name);
          } catch (error) {
            if (!(error instanceof LunaError) || error.code === 'unavailable') throw error;
            refused.set(name, error);
          }
        }
        if (refused.size > before) throw each && refused.size < unique.length ? new Again() : refusal(refused, unique.length);
      });
      return unique.map((name) => outcome(name, refused.get(name)));
    } catch (error) {
      if (error instanceof Again) continue;
      if (each && refused.size === unique.length) return unique.map((name) => outcome(name, refused.get(name)));
      throw error;
    }
  }
}

function outcome(name: string, error: LunaError | undefined): Done {
  return error ? { name, error: { code: error.code, message: error.message, next: error.next } } : { name, ok: true };
}

/** One refusal for all: a single one as it is, several with how many of how many. */
function refusal(refused: ReadonlyMap<string, LunaError>, of: number): LunaError {
  const all = [...refused.values()];
  const [first] = all;
  if (!first || of === 1) return first ?? new LunaError('invalid', 'nothing is named');
  const told = all.slice(0, TOLD).map(({ message }) => message).join('; ');
  const more = all.length > TOLD ? `; and ${all.length - TOLD} more` : '';
  return new LunaError(first.code, `nothing was changed, ${all.length} of ${of} can't be: ${told}${more}`, first.next);
}
