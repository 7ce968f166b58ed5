import type { ClientSession } from 'mongodb';
import { LunaError } from '../../domain/errors.ts';
import { changeObjects } from './change-objects.ts';
import type { Store } from './connect.ts';
import type { Sealed } from './secret-box.ts';

/** A secret apart from the object it belongs to, so that no view, history or log of the object holds it. */
type Secret = { _id: string } & (Sealed | Plain);
/** As luna stored it before it had a key. */
interface Plain { value: string }

/** The kinds that have one: a BMC's password, a switch's read community. */
export type SecretKind = 'bmcsetup' | 'switch';

const secrets = (store: Store) => store.db.collection<Secret>('secrets');

/** The BMC password of a bmcsetup or the read community of a switch; null when there is none. Throws LunaError `unavailable` without its key. */
export async function readSecret(store: Store, kind: SecretKind, id: string): Promise<string | null> {
  const found = await secrets(store).findOne({ _id: `${kind}/${id}` });
  return found ? opened(store, found) : null;
}

/** All secrets by `kind/id`. */
export async function secretsWithin(store: Store, session?: ClientSession): Promise<Map<string, string>> {
  const found = await secrets(store).find({}, session ? { session } : {}).toArray();
  return new Map(found.map((secret) => [secret._id, opened(store, secret)]));
}

/** Sets it, in the transaction that changes its object. */
export async function writeSecret(store: Store, session: ClientSession, kind: SecretKind, id: string, value: string): Promise<void> {
  const _id = `${kind}/${id}`;
  await secrets(store).replaceOne({ _id }, store.secrets.seal(_id, value), { upsert: true, session });
}

/** Removes it with its object. */
export async function removeSecret(store: Store, session: ClientSession, kind: SecretKind, id: string): Promise<void> {
  await secrets(store).deleteOne({ _id: `${kind}/${id}` }, { session });
}

/** Seals with the newest key what an older luna stored plain or an older key sealed; returns how many, and whose secrets no key opens. */
export async function sealSecrets(store: Store, session?: ClientSession): Promise<{ sealed: number; lost: string[] }> {
  const within = session ? { session } : {};
  const [lost, all] = [[] as string[], await secrets(store).find({}, within).toArray()];
  let sealed = 0;
  for (const secret of all) {
    const [{ _id }, text] = [secret, textOf(store, secret)];
    if (text === null) lost.push(_id);
    else if ('value' in secret || !store.secrets.isNewest(secret)) {
      // Whoever sets it meanwhile seals it himself: only what was read is replaced.
      const asRead = 'value' in secret ? { _id, value: secret.value } : { _id, sealed: secret.sealed };
      sealed += (await secrets(store).replaceOne(asRead, store.secrets.seal(_id, text), within)).modifiedCount;
    }
  }
  return { sealed, lost };
}

/**
 * Makes a new key and seals everything with it, as a change of objects: one that has sealed with the old key ends before it,
 * whichever process it runs in, or begins again. Throws LunaError `unavailable`, keeping the old keys, while some secret can't be opened.
 */
export function rotateSecretsKey(store: Store, by: string): Promise<{ sealed: number }> {
  return store.secrets.rotate(() => changeObjects(store, by, async ({ session }) => {
    const { sealed, lost } = await sealSecrets(store, session);
    if (lost.length > 0) throw new LunaError('unavailable', `no key opens the secrets of ${lost.join(', ')}; both keys stay`, 'set these secrets again, then rotate the key again');
    return { sealed };
  }));
}

function opened(store: Store, secret: Secret): string {
  return 'value' in secret ? secret.value : store.secrets.open(secret._id, secret);
}

/** What a secret is; null when no key opens it. */
function textOf(store: Store, secret: Secret): string | null {
  try {
    return opened(store, secret);
  } catch {
    return null;
  }
}
