/** Runs what it is given one after the other, in the order asked. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** A new queue. A piece of work that fails doesn't stop those behind it. */
export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = tail.then(work, work);
    tail = result.catch(() => undefined);
    return result;
  };
}
