import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';

type Request = (options: RequestOptions, accept: (answer: IncomingMessage) => void) => ClientRequest;

/** A stub of the API marks its answers with this header: they need only hold what a test looks at. */
export const STUBBED = 'x-luna-stub';

/**
 * Holds every answer that a CLI gets in this process against the API's own description. To be called before the CLI is
 * loaded. The answer of `mistakes` tells what was not as described since it was asked last.
 */
export function watchAnswers(): () => Promise<string[]> {
  const http = process.getBuiltinModule('node:http') as unknown as { request: Request };
  const { request } = http;
  let checks: Promise<string[]>[] = [];
  http.request = (options, accept) => request(options, (answer) => {
    if (answer.headers[STUBBED] === undefined) tap(answer, (text) => { checks.push(check(options, answer, text)); });
    accept(answer);
  });
  return async () => {
    const found = await Promise.all(checks);
    checks = [];
    return found.flat();
  };
}

/** Takes a copy of a body without reading it. */
function tap(answer: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  const push = answer.push.bind(answer);
  answer.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    else if (chunk === null) done(Buffer.concat(chunks).toString());
    return push(chunk, encoding);
  };
}

async function check({ method = '', path = '' }: RequestOptions, { statusCode = 0, headers }: IncomingMessage, text: string): Promise<string[]> {
  // Only here: the description takes a second to load, and most tests stand on a stub.
  const { demandDescribed } = await import('./described.ts');
  const mediaType = (headers['content-type'] ?? '').split(';')[0] ?? '';
  try {
    demandDescribed(method, (path ?? '').replace('/api/v1', ''), { status: statusCode, mediaType, json: mediaType.includes('json') ? JSON.parse(text) : undefined, text });
    return [];
  } catch (error) {
    return [String(error)];
  }
}
