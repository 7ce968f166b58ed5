import type { Token } from '../../domain/token.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Store } from './connect.ts';
import { isDuplicateKey } from './duplicate-key.ts';

const tokens = (store: Store) => store.db.collection<Token>('tokens');

/** Keeps a token. Throws LunaError `taken` when one has its name. */
export async function addToken(store: Store, token: Token): Promise<void> {
  try {
    await tokens(store).insertOne(token);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new LunaError('taken', `there is a token named ${token._id}`, `luna token revoke ${token._id}`);
  }
}

/** All tokens by name, the expired too. */
export async function allTokens(store: Store): Promise<Token[]> {
  return (await tokens(store).find({}).toArray()).sort((a, b) => (a._id < b._id ? -1 : 1));
}

/** The token whose secret has this hash, or null. */
export function tokenByHash(store: Store, hash: string): Promise<Token | null> {
  return tokens(store).findOne({ hash });
}

/** Revokes a token; false when there is none of that name. */
export async function removeToken(store: Store, name: string): Promise<boolean> {
  return (await tokens(store).deleteOne({ _id: name })).deletedCount === 1;
}
