import type { TLSSocket } from 'node:tls';
import { LunaError } from '../domain/errors.ts';

/** Where to connect. `fingerprint` is the SHA-256 of the certificate that is expected there; without it an authority must vouch for it. */
export interface TlsPlace { url: URL; fingerprint: string | undefined }

/** Where the fingerprint of a controller is learnt. */
const LEARN = 'on the controller: luna fingerprint';

/**
 * Connects by TLS, and gives the connection only once its other end is known: nothing, and no token, is sent before.
 * Throws LunaError `forbidden` for another certificate than the one that is known.
 */
export function connectTls({ url, fingerprint }: TlsPlace, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<TLSSocket> {
  // Loaded here alone: commands on the controller use the unix socket and need not wait for it.
  const { connect } = process.getBuiltinModule('node:tls');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isAddress = process.getBuiltinModule('node:net').isIP(host) !== 0;
  return new Promise((accept, reject) => {
    const socket = connect({ host, port: Number(url.port || 443), servername: isAddress ? '' : host, rejectUnauthorized: false, timeout: timeoutMs });
    const fail = (error: Error): void => {
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => { fail(signal?.reason instanceof Error ? signal.reason : new Error('aborted')); };
    signal?.addEventListener('abort', abort);
    socket.once('timeout', () => { fail(new LunaError('unavailable', `Nothing was heard of ${url.origin} within ${timeoutMs / 1000} s.`, 'luna status')); });
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate()?.fingerprint256 ?? 'none';
      const why = mistrust(url, fingerprint, shown, socket);
      if (why) {
        fail(why);
        return;
      }
      signal?.removeEventListener('abort', abort);
      socket.removeAllListeners('timeout').removeListener('error', fail).setTimeout(0);
      accept(socket);
    });
  });
}

function mistrust(url: URL, expected: string | undefined, shown: string, { authorized, authorizationError }: TLSSocket): LunaError | null {
  if (expected === undefined) {
    if (authorized) return null;
    return new LunaError('forbidden', `No authority vouches for the certificate of ${url.origin} (${String(authorizationError)}). Its fingerprint is ${shown}.`,
      `${LEARN}; when it is the same, set LUNA_API_FINGERPRINT to it`);
  }
  if (bare(expected) === bare(shown)) return null;
  return new LunaError('forbidden', `${url.origin} is not the controller that is known: its certificate has the fingerprint ${shown}, and LUNA_API_FINGERPRINT is ${expected}. Nothing was sent.`,
    `${LEARN}; set LUNA_API_FINGERPRINT anew only when that is what it shows`);
}

/** A fingerprint however it is written: `sha256:ab12…`, `AB:12:…`. */
function bare(fingerprint: string): string {
  return fingerprint.replace(/^sha256[:=]|^SHA256 Fingerprint=/i, '').replaceAll(/[:\s]/g, '').toLowerCase();
}
