import type { NameKey } from './name.ts';

/** All records of one name and type (RFC 2181 §5). */
export interface Rrset {
  readonly key: NameKey;
  /** The owner in wire form, in the case it was declared in. */
  readonly owner: Uint8Array;
  readonly type: number;
  /** Seconds. */
  readonly ttl: number;
  /** One for each record, in wire form, names in them not compressed. */
  readonly data: readonly Uint8Array[];
}
