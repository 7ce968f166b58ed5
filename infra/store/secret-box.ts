import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { LunaError } from '../../domain/errors.ts';

/** A secret as it is stored: which key it was sealed with (never the key), and base64 of nonce, tag and ciphertext. */
export interface Sealed { key: string; sealed: string }

/** Keys of 32 bytes, the newest first; `where` tells people which they are. */
export interface KeyRing {
  readonly where: string;
  keys(): readonly Uint8Array[];
  /** Another process may have changed them. */
  reread(): void;
  replace(keys: readonly Uint8Array[]): void;
}

/** Seals secrets and opens them again, with a key that is not in the database. */
export interface SecretBox {
  /** `id` is whose secret it is: put in another's place it can't be opened. */
  seal(id: string, text: string): Sealed;
  /** Throws LunaError `unavailable` when its key is missing, it was sealed for somebody else, or was changed. */
  open(id: string, secret: Sealed): string;
  /** Whether it was sealed with the newest key. */
  isNewest(secret: Sealed): boolean;
  /** Makes a new key, has everything sealed anew by `reseal`, and forgets the old keys when that went well. */
  rotate<T>(reseal: () => Promise<T>): Promise<T>;
}

/** How long a key is, in bytes. */
export const KEY_BYTES = 32;
// AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D §8.2.2: good for 2^32 secrets under one key).
const [CIPHER, NONCE_BYTES, TAG_BYTES] = ['aes-256-gcm', 12, 16] as const;

/** A box with these keys. */
export function secretBox(ring: KeyRing): SecretBox {
  const lost = (id: string, why: string): LunaError =>
    new LunaError('unavailable', `the secret of ${id} can't be opened: ${why}`, `bring back ${ring.where} as it was, or set the secret again`);
  const newest = (): Uint8Array => {
    const [key] = ring.keys();
    if (!key) throw new LunaError('unavailable', `${ring.where} holds no key`);
    return key;
  };
  const keyNamed = (name: string): Uint8Array | undefined => ring.keys().find((key) => nameOf(key) === name);
  return {
    seal(id, text) {
      // A key that another process has forgotten would seal it for nobody.
      ring.reread();
      return seal(newest(), id, text);
    },
    open(id, secret) {
      if (!keyNamed(secret.key)) ring.reread();
      const key = keyNamed(secret.key);
      if (!key) throw lost(id, `it was sealed with the key ${secret.key}, and ${ring.where} holds ${ring.keys().map(nameOf).join(', ')}`);
      try {
        return open(key, id, secret);
      } catch {
        throw lost(id, 'it is not what was stored for it');
      }
    },
    isNewest: ({ key }) => key === nameOf(newest()),
    async rotate(reseal) {
      ring.reread();
      ring.replace([randomBytes(KEY_BYTES), ...ring.keys()]);
      const result = await reseal();
      ring.replace([newest()]);
      return result;
    },
  };
}

/** For processes that have no business with secrets. */
export const lockedBox: SecretBox = {
  seal(id) { throw new LunaError('unavailable', `this process has no key to seal the secret of ${id}`); },
  open(id) { throw new LunaError('unavailable', `this process has no key to open the secret of ${id}`); },
  isNewest: () => true,
  rotate() { throw new LunaError('unavailable', 'this process has no key'); },
};

/** What a key is called in public. */
function nameOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

function seal(key: Uint8Array, id: string, text: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(id));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { key: nameOf(key), sealed: Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64') };
}

function open(key: Uint8Array, id: string, { sealed }: Sealed): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(id));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}
