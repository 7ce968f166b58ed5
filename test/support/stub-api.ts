import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demandKnown } from './described.ts';
import { STUBBED } from './described-traffic.ts';

/** A request as the stub saw it: `PATCH /api/v1/groups/compute`, and its body. */
export interface Seen { call: string; body?: unknown }
/** An answer: JSON with 200, a text, or an error with its status. */
export type Stubbed = { json: unknown } | { text: string } | { status: number; error: object };

/**
 * Stands where the API stands, on the unix socket of an instance of its own: the edge at which the CLI is tested alone.
 * `answers` is asked per request; what it doesn't know is a 404, and what the API's description doesn't know ends the test.
 */
export async function startStubApi(answers: (call: string, body: unknown) => Stubbed | undefined): Promise<{ dataDir: string; seen: Seen[]; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'luna-cli-'));
  mkdirSync(join(dataDir, 'run'));
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const call = `${request.method ?? ''} ${(request.url ?? '').replace('/api/v1', '')}`;
      seen.push(body === undefined ? { call } : { call, body });
      const unknown = refusalOf(request.method ?? '', (request.url ?? '').replace('/api/v1', ''), body);
      const answer = unknown ?? answers(call, body) ?? { status: 404, error: { code: 'not-found', message: `no stub for ${call}` } };
      response.setHeader(STUBBED, '1');
      response.statusCode = 'status' in answer ? answer.status : 200;
      response.end('text' in answer ? answer.text : JSON.stringify('json' in answer ? answer.json : { error: answer.error }));
    });
  });
  await new Promise<void>((accept) => server.listen(join(dataDir, 'run/api.sock'), accept));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((accept) => server.close(accept));
    rmSync(dataDir, { recursive: true });
  };
  return { dataDir, seen, stop };
}

/** The CLI may ask for nothing that the API does not describe. */
function refusalOf(method: string, path: string, body: unknown): Stubbed | undefined {
  try {
    demandKnown(method, path, body);
    return undefined;
  } catch (error) {
    return { status: 500, error: { code: 'invalid', message: `not as described: ${String(error)}` } };
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}
