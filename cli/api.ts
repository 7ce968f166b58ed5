import type { IncomingMessage, RequestOptions } from 'node:http';
import { resolve } from 'node:path';
import { type ErrorBody, LunaError } from '../domain/errors.ts';

// An ES import evaluates every export: of node:http undici's WebSocket, 60 ms of each command's start; of node:fs watchers and streams, 5 ms.
const { request } = process.getBuiltinModule('node:http');
const { readFileSync } = process.getBuiltinModule('node:fs');

/** Where the API answers: the unix socket of an instance, or `https://host:port` with a token, and the fingerprint of its certificate. */
export type ApiTarget = { socketPath: string } | { url: URL; tokenFile: string | undefined; fingerprint?: string | undefined };

/** Settings of one call. `timeoutMs` counts silence on the connection, not the whole call; the default is 30 s. */
export interface CallOptions { timeoutMs?: number; signal?: AbortSignal }

const quietMs = 30_000;
/** The `timeoutMs` of a call that tries, changes, deletes or starts thousands, in which the API has nothing to say. */
export const MANY_MS = 300_000;

/**
 * The CLI's few lines of configuration: `LUNA_API` (with `LUNA_TOKEN_FILE`, and `LUNA_API_FINGERPRINT` or a file that holds
 * it), or the socket below `LUNA_DATA`. Throws LunaError `invalid`.
 */
export function apiTarget(env: Record<string, string | undefined>): ApiTarget {
  if (!env.LUNA_API) return { socketPath: resolve(env.LUNA_DATA || '/var/lib/luna', 'run/api.sock') };
  const url = URL.canParse(env.LUNA_API) ? new URL(env.LUNA_API) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new LunaError('invalid', `LUNA_API="${env.LUNA_API}" is not a URL.`, 'write it as https://host:7051');
  if (url.protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)) {
    throw new LunaError('invalid', `LUNA_API="${env.LUNA_API}" would send the token in clear.`, `write it as https://${url.host}`);
  }
  const { LUNA_API_FINGERPRINT: told, LUNA_API_FINGERPRINT_FILE: file } = env;
  return { url, tokenFile: env.LUNA_TOKEN_FILE, fingerprint: told || (file ? readSetting(file, 'fingerprint', "copy the controller's api.fingerprint there") : undefined) };
}

/** Sends one request with a JSON body, if any, and returns the parsed answer (`undefined` for an empty one). Throws {@link LunaError}. */
export async function callApi<T>(target: ApiTarget, method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
  const answer = await send(target, method, path, body, options);
  const text = await readAll(answer);
  const status = answer.statusCode ?? 0;
  if (status >= 400) throw refusal(status, method, path, text);
  try {
    return (text === '' ? undefined : JSON.parse(text)) as T;
  } catch {
    throw new LunaError('unavailable', `The API's answer to ${method} ${path} is not JSON: ${text.slice(0, 200)}`, 'luna status');
  }
}

/** Follows an answer that has no end (server-sent events, log lines), line by line, until it ends or `signal` fires. */
export async function* followApi(target: ApiTarget, path: string, options: CallOptions = {}): AsyncGenerator<string> {
  const answer = await send(target, 'GET', path, undefined, options);
  if ((answer.statusCode ?? 0) >= 400) throw refusal(answer.statusCode ?? 0, 'GET', path, await readAll(answer));
  let rest = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function send(target: ApiTarget, method: string, path: string, body: unknown, options: CallOptions): Promise<IncomingMessage> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers: Record<string, string> = { accept: 'application/json' };
  if (payload) Object.assign(headers, { 'content-type': 'application/json', 'content-length': String(payload.length) });
  const where: RequestOptions & { servername?: string } = 'socketPath' in target
    // Without a server name Node would find out whether the host is an address: 4 ms of regular expressions.
    ? { socketPath: target.socketPath, host: 'localhost', servername: '' }
    : { host: target.url.hostname.replace(/^\[|\]$/g, ''), port: target.url.port || 80 };
  if ('url' in target && target.tokenFile) headers.authorization = `Bearer ${readSetting(target.tokenFile, 'token', "copy the controller's token file there, mode 0600")}`;
  const timeout = options.timeoutMs ?? quietMs;
  if ('url' in target && target.url.protocol === 'https:') {
    const { connectTls } = await import('./tls-connection.ts');
    const socket = await connectTls({ url: target.url, fingerprint: target.fingerprint }, { timeoutMs: timeout, signal: options.signal })
      .catch((error: unknown) => { throw error instanceof LunaError || !(error instanceof Error) ? error : unreachable(target, error); });
    where.createConnection = () => socket;
  } else {
    // A connection per call: one that is kept may be closed by the API while an editor or a prompt holds this process up.
    where.agent = false;
  }
  return new Promise((accept, reject) => {
    const call = request({ ...where, method, path, headers, timeout, ...(options.signal ? { signal: options.signal } : {}) }, accept);
    call.on('timeout', () => call.destroy(silent(method, path, timeout)));
    call.on('error', (error: NodeJS.ErrnoException) => { reject(error instanceof LunaError ? error : unreachable(target, error)); });
    call.end(payload);
  });
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function readSetting(path: string, what: 'token' | 'fingerprint', next: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new LunaError('unavailable', `The ${what} file ${path} can't be read: ${String(error)}`, next);
  }
}

function refusal(status: number, method: string, path: string, text: string): LunaError {
  const error = parseRefusal(text);
  if (error) return new LunaError(error.code, error.message, error.next);
  return new LunaError('unavailable', `${method} ${path} was answered with HTTP ${status}.`, 'luna status');
}

function parseRefusal(text: string): ErrorBody['error'] | undefined {
  try {
    return (JSON.parse(text) as Partial<ErrorBody> | null)?.error;
  } catch {
    return undefined;
  }
}

function silent(method: string, path: string, quietMs: number): LunaError {
  return new LunaError('unavailable', `The API did not answer ${method} ${path} within ${quietMs / 1000} s.`, 'luna status');
}

function unreachable(target: ApiTarget, error: NodeJS.ErrnoException): LunaError {
  const place = 'socketPath' in target ? target.socketPath : target.url.origin;
  if (error.code === 'EACCES') {
    return new LunaError('forbidden', `${place} may not be opened by this user.`, 'run it as root, or set LUNA_API and LUNA_TOKEN_FILE');
  }
  if (error.code === 'ECONNRESET' && 'url' in target && target.url.protocol === 'http:') {
    return new LunaError('unavailable', `${place} hung up: luna's API speaks TLS.`, `LUNA_API=https://${target.url.host}`);
  }
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') {
    const next = 'socketPath' in target ? 'luna up' : 'luna status, on the controller; LUNA_API says where that is';
    return new LunaError('unavailable', `luna is not running: nothing answers at ${place}.`, next);
  }
  return new LunaError('unavailable', `The API at ${place} can't be reached: ${error.message}.`, 'luna status');
}
