import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LunaError } from '../../domain/errors.ts';

/** What signs an instance's manifests (ed25519, RFC 8032): the public key as its 32 raw bytes, a signature as its 64. */
export interface ImageKey { readonly publicKey: Buffer; sign(text: Uint8Array): Buffer }

/**
 * Opens the private key of an instance's images (PKCS #8 in PEM), or makes it at first need, readable by its owner alone.
 * `made` is false for a file that somebody named, which must be there. Throws LunaError `invalid`.
 */
export function openImageKey({ file, made }: { file: string; made: boolean }): ImageKey {
  if (made) makeKey(file);
  const key = readKey(file);
  // In a JWK `x` is the raw public key (RFC 8037 §2).
  const publicKey = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
  return { publicKey, sign: (text) => sign(null, text, key) };
}

function readKey(file: string): KeyObject {
  const next = `openssl genpkey -algorithm ed25519 -out ${file} && chmod 600 ${file}`;
  let key: KeyObject;
  try {
    if ((statSync(file).mode & 0o007) !== 0) throw new LunaError('invalid', `everybody can read the key of the images, ${file}`, `chmod 600 ${file}`);
    key = createPrivateKey(readFileSync(file));
  } catch (error) {
    if (error instanceof LunaError) throw error;
    throw new LunaError('invalid', `the key of the images, ${file}, can't be read: ${error instanceof Error ? error.message : String(error)}`, next);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new LunaError('invalid', `${file} holds no ed25519 key`, next);
  return key;
}

/** Several processes may be the first: the one that links its file has made the key, whole. */
function makeKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  try {
    writeFileSync(mine, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flush: true });
    linkSync(mine, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}
