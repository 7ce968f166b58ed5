import type { ClientSession } from 'mongodb';
import type { Store } from './connect.ts';

/** A secret apart from the object it belongs to, so that no view, history or log of the object holds it. */
interface Secret { _id: string; value: string }

/** The kinds that have one: a BMC's password, a switch's read community. */
export type SecretKind = 'bmcsetup' | 'switch';

const secrets = (store: Store) => store.db.collection<Secret>('secrets');

/** The BMC password of a bmcsetup or the read community of a switch; null when there is none. */
export async function readSecret(store: Store, kind: SecretKind, id: string): Promise<string | null> {
  return (await secrets(store).findOne({ _id: `${kind}/${id}` }))?.value ?? null;
}

/** Sets it, in the transaction that changes its object. */
export async function writeSecret(store: Store, session: ClientSession, kind: SecretKind, id: string, value: string): Promise<void> {
  await secrets(store).replaceOne({ _id: `${kind}/${id}` }, { value }, { upsert: true, session });
}

/** Removes it with its object. */
export async function removeSecret(store: Store, session: ClientSession, kind: SecretKind, id: string): Promise<void> {
  await secrets(store).deleteOne({ _id: `${kind}/${id}` }, { session });
}
