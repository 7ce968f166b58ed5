import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { demandDescribed } from './described.ts';

/** An answer of the API: its status, its headers, and its JSON (or text). */
export interface ApiAnswer { status: number; headers: IncomingHttpHeaders; json: unknown; text: string }
/** Calls the API: `call('PATCH', '/nodes/node001', {…})`. */
export type CallApi = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<ApiAnswer>;

/** Calls at a unix socket, or by TLS at a TCP port of loopback whose certificate is `ca`, and compares each answer with the API's description. A text is sent as it is. */
export function callApiAt(where: { socketPath: string } | { port: number; ca: string }, headers: Record<string, string> = {}): CallApi {
  return (method, path, body, more) => new Promise((resolve, reject) => {
    const target = { ...where, host: '127.0.0.1', method, path: path.startsWith('/healthz') ? path : `/api/v1${path}`, agent: false };
    const request = 'ca' in where ? tlsRequest : plainRequest;
    const call = request({ ...target, headers: { 'content-type': 'application/json', ...headers, ...more } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const [status, mediaType = ''] = [answer.statusCode ?? 0, (answer.headers['content-type'] ?? '').split(';')[0]];
        const json = mediaType.includes('json') && text !== '' ? JSON.parse(text) as unknown : undefined;
        try {
          if (target.path.startsWith('/api/v1/') && !['HEAD', 'OPTIONS'].includes(method)) demandDescribed(method, path, { status, mediaType, json, text });
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        resolve({ status, headers: answer.headers, json, text });
      });
    });
    call.on('error', reject);
    call.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** `409 taken the name … (luna node show node002)`, or the status and the JSON of an answer that is no refusal. */
export function brief({ status, json, text }: ApiAnswer): string {
  const error = typeof json === 'object' && json !== null && 'error' in json ? json.error as { code: string; message: string; next?: string } : undefined;
  if (!error) return `${status} ${json === undefined ? text : JSON.stringify(json)}`;
  return `${status} ${error.code} ${error.message}${error.next === undefined ? '' : ` (${error.next})`}`;
}
