import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import { createSecureContext } from 'node:tls';
import { LunaError } from '../../domain/errors.ts';
import { type KeyKind, type KeyPair, selfSigned } from './certificate.ts';

/** Where key and certificate are. `made`: luna makes them when they are missing; files that somebody named must be there. `kind` of those it makes: P-256 unless told. */
export interface TlsFiles { keyFile: string; certFile: string; made: boolean; kind?: KeyKind }

/** What a server shows to its clients: its key pair, the SHA-256 of its certificate (`AB:CD:…`), and when that ends (ISO 8601). */
export interface TlsIdentity extends KeyPair { fingerprint: string; expires: string }

/** Reads the key and the certificate of a server, or makes them at its first start. Throws LunaError `invalid` for a pair that is none. */
export function tlsIdentity({ keyFile, certFile, made, kind }: TlsFiles, host: string): TlsIdentity {
  if (made && !(existsSync(keyFile) && existsSync(certFile))) {
    const pair = selfSigned(namesOf(host), new Date(), kind);
    write(keyFile, pair.key, 0o600);
    write(certFile, pair.cert, 0o644);
  }
  if (made) chmodSync(keyFile, 0o600);
  try {
    const pair = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
    createSecureContext(pair);
    const { fingerprint256, validToDate } = new X509Certificate(pair.cert);
    if (made) write(fingerprintFile(certFile), `${fingerprint256}\n`, 0o644);
    return { ...pair, fingerprint: fingerprint256, expires: validToDate.toISOString() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const next = made ? `rm ${keyFile} ${certFile}, and start luna again: both are made anew` : `correct ${keyFile} and ${certFile}`;
    throw new LunaError('invalid', `${keyFile} can't be used with ${certFile}: ${reason}`, next);
  }
}

/** For people to copy to where they call from. */
const fingerprintFile = (certFile: string): string => `${certFile.replace(/\.\w+$/, '')}.fingerprint`;

/** What this machine is called, for those who check names rather than the fingerprint. */
function namesOf(host: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? []).filter(({ scopeid }) => !scopeid).map(({ address }) => address);
  const own = ['0.0.0.0', '::'].includes(host) ? [] : [host];
  return [...new Set(['localhost', '127.0.0.1', '::1', hostname(), ...own, ...addresses])];
}

/** Aside and in one step, so that no half is ever read. */
function write(file: string, text: string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  rmSync(aside, { force: true });
  writeFileSync(aside, text, { mode, flush: true });
  renameSync(aside, file);
}
