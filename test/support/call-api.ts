import { request } from 'node:http';

/** An answer of the API: its status, and its JSON (or text). */
export interface ApiAnswer { status: number; json: unknown; text: string }
/** Calls the API: `call('PATCH', '/nodes/node001', {…})`. */
export type CallApi = (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;

/** Calls at a unix socket or a TCP port of loopback. `raw`: a body sent as it is. */
export function callApiAt(where: { socketPath: string } | { port: number }, headers: Record<string, string> = {}): CallApi {
  return (method, path, body) => new Promise((resolve, reject) => {
    const target = { ...where, host: '127.0.0.1', method, path: path.startsWith('/healthz') ? path : `/api/v1${path}`, agent: false };
    const call = request({ ...target, headers: { 'content-type': 'application/json', ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = String(answer.headers['content-type']).includes('json');
        resolve({ status: answer.statusCode ?? 0, json: isJson ? JSON.parse(text) as unknown : undefined, text });
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
