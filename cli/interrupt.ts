/** Turns Ctrl-C and a request to end into an {@link AbortSignal}; a second one ends the process as usual. `stop` puts things back. */
export function interruptible(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    stop();
    controller.abort(new Interrupted());
  };
  const stop = (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { signal: controller.signal, stop };
}

/** The person at the terminal wants to stop looking. */
export class Interrupted extends Error {}

/** The exit code of a command that Ctrl-C ended. */
export const INTERRUPTED_EXIT = 130;
