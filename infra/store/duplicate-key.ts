import { MongoServerError } from 'mongodb';

/** True for E11000: something with this `_id` or unique index is there already. */
export function isDuplicateKey(err: unknown): boolean {
  return err instanceof MongoServerError && err.code === 11000;
}
