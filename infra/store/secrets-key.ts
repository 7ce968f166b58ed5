import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import { KEY_BYTES, type SecretBox, secretBox } from './secret-box.ts';

/** Where the key is. `made`: luna makes it when it is missing; a file that somebody named must be there. */
export interface SecretsKey { file: string; made: boolean }

/**
 * The box of an instance: reads its keys (base64, one per line, the newest first), or makes one at the first start,
 * readable by its owner alone. Throws LunaError `invalid`.
 */
export function openSecretBox({ file, made }: SecretsKey): SecretBox {
  if (made) makeKey(file);
  let keys: readonly Uint8Array[] = readKeys(file);
  return secretBox({
    where: file,
    keys: () => keys,
    reread() { keys = readKeys(file); },
    replace(wanted) {
      writeKeys(file, wanted);
      keys = [...wanted];
    },
  });
}

function readKeys(file: string): Buffer[] {
  const next = `head -c ${KEY_BYTES} /dev/urandom | base64 > ${file} && chmod 600 ${file}`;
  const lines = read(file, next).split('\n').filter((line) => line.trim() !== '');
  if ((statSync(file).mode & 0o007) !== 0) throw new LunaError('invalid', `everybody can read the key of the secrets, ${file}`, `chmod 600 ${file}`);
  const keys = lines.map((line) => Buffer.from(line.trim(), 'base64'));
  if (keys.length === 0 || keys.some((key) => key.length !== KEY_BYTES)) {
    throw new LunaError('invalid', `${file} holds no key: it must be ${KEY_BYTES} bytes in base64`, next);
  }
  return keys;
}

function read(file: string, next: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new LunaError('invalid', `the key of the secrets can't be read: ${reason(error)}`, next);
  }
}

/** In one step, so that whoever reads it meanwhile finds the old keys or the new. */
function writeKeys(file: string, keys: readonly Uint8Array[]): void {
  const aside = `${file}.new`;
  try {
    rmSync(aside, { force: true });
    writeFileSync(aside, textOf(keys), { mode: 0o600, flush: true });
    renameSync(aside, file);
  } catch (error) {
    throw new LunaError('unavailable', `the key of the secrets can't be written: ${reason(error)}`, `ls -ld ${dirname(file)}`);
  }
}

/** Several processes may start at once: the one that links its file first has made the key, whole. */
function makeKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  try {
    writeFileSync(mine, textOf([randomBytes(KEY_BYTES)]), { mode: 0o600, flush: true });
    linkSync(mine, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  chmodSync(file, 0o600);
}

function textOf(keys: readonly Uint8Array[]): string {
  return keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join('');
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
