/** What was asked for or put last, by key. */
export interface Recent<K, V> {
  /** Undefined for what was never put, or is forgotten. Who is asked for is remembered anew. */
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

/**
 * Remembers at least the `most` keys used last, and at most twice as many. Keys live in two generations: when the younger is
 * full it becomes the older, and what that held unused since is forgotten. To move a key to a map's end at each use, as one
 * that forgets the very oldest must, costs a packet more than its parsing.
 */
export function createRecent<K, V>(most: number): Recent<K, V> {
  let young = new Map<K, V>();
  let old = new Map<K, V>();

  function set(key: K, value: V): void {
    if (young.size >= most && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }

  return {
    set,
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const before = old.get(key);
      if (before !== undefined) set(key, before);
      return before;
    },
  };
}
