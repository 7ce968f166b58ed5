import { request, type RequestOptions } from 'node:http';

/** An answer read to its end. */
export interface Answer { status: number; headers: Record<string, string | string[] | undefined>; text: string }

/** One request, from the loopback address a machine is given (`from`), with a form when there is one. */
export function ask(url: string, options: Omit<RequestOptions, 'headers'> & { from?: string; form?: Record<string, string>; headers?: Record<string, string> } = {}): Promise<Answer> {
  const { from, form, headers: given, ...rest } = options;
  return new Promise((resolve, reject) => {
    const headers = { ...given, ...(form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }) };
    const req = request(url, { ...rest, method: rest.method ?? (form === undefined ? 'GET' : 'POST'), headers, agent: false, ...(from === undefined ? {} : { localAddress: from }) }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => { resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString('latin1') }); });
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(form === undefined ? undefined : new URLSearchParams(form).toString());
  });
}

/** The `key=value` lines of an answer to the agent. */
export function valuesOf(text: string): Record<string, string> {
  return Object.fromEntries(text.split('\n').filter((line) => line !== '').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
