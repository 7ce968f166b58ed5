import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { LunaError } from '../domain/errors.ts';
import type { Artefact, Osimage } from '../domain/osimage.ts';

/** How far packing is, as its heartbeats carry it. */
export interface PackBeat { phase: string; percent: number; message: string }

/** What packing needs. */
export interface ImageDeps {
  osimage(id: string): Promise<Osimage | null>;
  /** Makes the packed version. Throws the signal's reason when it fires; leaves nothing unfinished. */
  pack(osimage: Osimage, options: { signal: AbortSignal; onProgress(beat: PackBeat): void }): Promise<Artefact>;
  /** Puts it in use: the artefact and the image's pointer, both or neither. */
  publish(artefact: Artefact): Promise<void>;
}

/** How often a pack says how far it is. */
const BEAT_MS = 1000;

/** Images: packing, and putting the result in use. */
export function createImageActivities(deps: ImageDeps) {
  return {
    /** Packs an image; its heartbeats are the progress. Running twice costs little: what is done is found again. */
    async packOsimage({ osimageId, osimageName }: { osimageId: string; osimageName: string }): Promise<{ artefact: string; kernver: string; bytes: number }> {
      const context = Context.current();
      const signal = context.cancellationSignal;
      let beat: PackBeat = { phase: 'starting', percent: 0, message: '' };
      const timer = every(BEAT_MS, () => { context.heartbeat(beat); });
      try {
        const osimage = await deps.osimage(osimageId);
        if (!osimage) throw new LunaError('not-found', `osimage ${osimageName} was removed`, 'luna osimage list');
        const artefact = await deps.pack(osimage, { signal, onProgress: (now) => { beat = now; } });
        await deps.publish(artefact);
        return { artefact: artefact._id, kernver: artefact.kernver, bytes: artefact.tree.size };
      } catch (error) {
        // A worker that shuts down only hands the pack to the next one.
        if (context.cancellationDetails?.workerShutdown) throw ApplicationFailure.create({ message: 'the worker was stopped', type: 'WorkerStopped' });
        if (signal.aborted) throw new CancelledFailure(`packing osimage ${osimageName} was cancelled`);
        throw packFailure(error, osimageName);
      } finally {
        timer.stop();
      }
    },
  };
}

/**
 * What a tree, a tool or a full disk says, no retry cures; what the store says, one may. A file that is gone may be one
 * that another process took for a dead one's when it began.
 */
function packFailure(error: unknown, name: string): Error {
  if (error instanceof LunaError) {
    const text = error.next === undefined ? error.message : `${error.message}; next: ${error.next}`;
    return ApplicationFailure.create({ message: text, type: error.code, nonRetryable: error.code !== 'unavailable', cause: error });
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  const isFinal = cause.name === 'CommandFailed' || ('errno' in cause && !('code' in cause && cause.code === 'ENOENT'));
  return ApplicationFailure.create({ message: `osimage ${name} could not be packed: ${cause.message}`, type: 'PackFailed', nonRetryable: isFinal, cause });
}

function every(ms: number, work: () => void): { stop(): void } {
  let timer = setTimeout(tick, ms);
  function tick(): void {
    work();
    timer = setTimeout(tick, ms);
  }
  return { stop: () => { clearTimeout(timer); } };
}
