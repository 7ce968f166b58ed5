import { deserialize, EJSON } from 'bson';
import { LunaError } from '../domain/errors.ts';

/**
 * A document of BSON 1.1 (bsonspec.org) in the form of MongoDB's extended JSON: ids as `{$oid}`. Throws LunaError `invalid`
 * for bytes that are none.
 */
export function readBson(bytes: Uint8Array): Record<string, unknown> {
  try {
    // Longs stay Longs: EJSON makes numbers of those that are exact.
    return EJSON.serialize(deserialize(bytes, { promoteLongs: false }), { relaxed: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LunaError('invalid', `a document of the dump is broken: ${why}`, 'take the dump again');
  }
}
