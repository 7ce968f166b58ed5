/** The kinds of objects an administrator declares; also the word in claims (`name/node/…`), owners and messages. */
export const OBJECT_KINDS = ['cluster', 'network', 'switch', 'otherdev', 'osimage', 'bmcsetup', 'group', 'node'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/**
 * What became of each field, as it is stored (ids for references, offsets for addresses). What was made has null before
 * in every field, what was removed null after. Of a secret it says only that it changed: `password: [null, 'changed']`.
 */
export type Diff = Record<string, [before: unknown, after: unknown]>;

/**
 * One line of the history: something declared has changed. It is written in the transaction of the change itself, so
 * whoever reads the changes misses none. `rev` -1 means that it was removed.
 */
export interface Change {
  /** Time, transaction, place within it: sorts by time. */
  _id: string;
  /** ISO 8601. */
  at: string;
  /** What was done together, and is undone together. */
  tx: string;
  /** `objects 17`: the version of the site that this change made; two changes of one counter never share it but within a transaction. */
  version: string;
  kind: ObjectKind | 'mac' | 'artefact';
  /** Id of the object; for a MAC the MAC, for an artefact its id. */
  id: string;
  /** What people call it; for a MAC and an artefact, the node or image it belongs to. */
  name: string;
  rev: number;
  /** Who: `root` by the socket, the token's name by TCP, or the process that observed it. */
  by: string;
  diff: Diff;
}

/** A change that is about to be noted: the rest of the line is the transaction's. */
export type NotedChange = Pick<Change, 'kind' | 'id' | 'name' | 'rev' | 'diff'>;

/** The `rev` of a change that removed its object. */
export const REMOVED = -1;
