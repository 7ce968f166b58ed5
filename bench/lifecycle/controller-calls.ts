import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** The controller refuses a call; asking again would change nothing. */
export class Refused extends Error {
  constructor(path: string, status: number, body: string) {
    super(`${path} was refused with HTTP ${status}: ${body.trim()}`);
    this.name = 'Refused';
  }
}

/** How one machine calls its controller, as the agent's `http.sh` does. */
export interface Caller {
  /** `http://address:port` */
  url: string;
  /** The machine's own address: its calls come from there. */
  from: string;
  /** Counted up with each attempt that failed and was repeated. */
  repeated(): void;
}

/** curl's `--max-time` in the agent, and that of a long poll. */
const QUICK_MS = 15_000;
const LONG_POLL_MS = 40_000;
/** A machine that was never answered for this long ends the benchmark, not the machine. */
const PATIENCE_MS = 600_000;

/** Calls until the controller answers, with the agent's growing pauses. A form is posted. Throws {@link Refused}. */
export async function persist(caller: Caller, nonce: string, path: string, form?: Record<string, string>): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  for (let pause = 1; ; pause = Math.min(pause * 2, 15)) {
    const { status, body } = await call(caller, nonce, path, form).catch((error: unknown) => ({ status: 0, body: String(error) }));
    if (status >= 200 && status < 300) return body;
    const passing = status === 0 || status === 408 || status === 429 || status >= 500;
    if (!passing || Date.now() > until) throw new Refused(path, status, body);
    caller.repeated();
    await sleep(pause * 1000);
  }
}

/** The value of a key in `key=value` lines. */
export function valueOf(lines: string, key: string): string {
  return lines.split('\n').find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
}

/** One call on a connection of its own, as each of the agent's curls makes one. */
function call({ url, from }: Caller, nonce: string, path: string, form?: Record<string, string>): Promise<{ status: number; body: string }> {
  const payload = form === undefined ? undefined : new URLSearchParams(form).toString();
  const headers = { 'X-Luna-Nonce': nonce, 'Connection': 'close', ...(payload === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': payload.length }) };
  const timeout = path === '/node/next' ? LONG_POLL_MS : QUICK_MS;
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method: payload === undefined ? 'GET' : 'POST', headers, agent: false, localAddress: from, signal: AbortSignal.timeout(timeout) }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => { chunks.push(chunk); });
      answer.on('error', reject);
      answer.on('end', () => { resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('latin1') }); });
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}
