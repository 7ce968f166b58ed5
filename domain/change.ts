/** The kinds of objects an administrator declares; also the word in claims (`name/node/…`), owners and messages. */
export const OBJECT_KINDS = ['cluster', 'network', 'switch', 'osimage', 'bmcsetup', 'group', 'node'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/**
 * One line of the history: something declared has changed. It is written in the transaction of the change itself, so
 * whoever reads the changes misses none. `rev` -1 means that it was removed.
 */
export interface Change {
  /** Time, then something unique: sorts by time. */
  _id: string;
  /** ISO 8601. */
  at: string;
  kind: ObjectKind | 'mac' | 'artefact';
  /** Id of the object; for a MAC the MAC, for an artefact its id. */
  id: string;
  /** What people call it. */
  name: string;
  rev: number;
  /** Who: `root` by the socket, `token` by TCP, or the process that observed it. */
  by: string;
}

/** The `rev` of a change that removed its object. */
export const REMOVED = -1;
