/**
 * A read that many may ask for at once: whoever asks while one is under way shares the next one, which begins afterwards
 * and so sees everything that was written before he asked.
 */
export function sharedRead<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;

  return () => {
    next ??= running.catch(() => undefined).then(() => {
      next = null;
      const begun = read();
      running = begun;
      return begun;
    });
    return next;
  };
}
