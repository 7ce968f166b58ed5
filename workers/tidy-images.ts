import type { Artefact } from '../domain/osimage.ts';
import { type PackedDirs, removePacked } from '../infra/image/remove-packed.ts';
import type { Log } from '../infra/log.ts';
import { allArtefacts, removeArtefact } from '../infra/store/artefacts.ts';
import type { Store } from '../infra/store/connect.ts';
import { findUnusedArtefacts } from '../infra/store/unused-artefacts.ts';
import { every } from './run.ts';

const TIDY_MS = 3_600_000;

/** What forgetting packed versions needs. `now`: milliseconds since 1970. */
export interface TidyWiring { store: Store; dirs: PackedDirs; log: Log; signal: AbortSignal; now?: () => number }

/** Forgets packed versions that nobody uses: every hour, and after a pack; never while one goes on, which may be about to name their files. */
export function tidyImages({ store, dirs, log, signal, now = Date.now }: TidyWiring) {
  let packing = 0;
  let begun = 0;
  let running: Promise<void> | null = null;

  async function tidy(): Promise<void> {
    const before = begun;
    const goesOn = (): boolean => packing === 0 && begun === before && !signal.aborted;
    const gone: Artefact[] = [];
    for (const artefact of await findUnusedArtefacts(store, now())) {
      if (!goesOn()) break;
      // The document first: a file without one is found again, a document without its file would be a version that nobody can boot.
      if (await removeArtefact(store, artefact._id, 'images')) gone.push(artefact);
    }
    const { files, bytes } = await removePacked(dirs, { gone, kept: await allArtefacts(store), now: now(), goesOn });
    if (gone.length + files > 0) log.info('pack.tidied', { versions: gone.map(({ _id, osimageName }) => `${osimageName} ${_id}`), files, bytes });
  }

  function once(): Promise<void> {
    running ??= tidy().finally(() => { running = null; });
    return running;
  }

  const hourly = every(TIDY_MS, signal, log, 'pack.tidy_failed', once);

  return {
    /** Looks now. */
    once,
    /** Does what packs a version and puts it in use, and looks afterwards. */
    async around<T>(pack: () => Promise<T>): Promise<T> {
      packing += 1;
      begun += 1;
      try {
        return await pack();
      } finally {
        packing -= 1;
        if (!signal.aborted) once().catch((error: unknown) => { log.warn('pack.tidy_failed', { error }); });
      }
    },
    /** Resolves when nothing is under way any more; to be called when `signal` has fired. */
    async stop(): Promise<void> {
      await Promise.allSettled([hourly, running]);
    },
  };
}
