import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server-sent event as it came. */
export interface SentEvent { id: string | undefined; event: string | undefined; data: string }

/** Reads `GET /api/v1/events` at a unix socket. `seen` grows; `until` waits for so many events, at most ten seconds. */
export async function readEvents(socketPath: string, query = '', headers: Record<string, string> = {}): Promise<{
  seen: SentEvent[]; comments: string[]; answer: IncomingMessage; until(count: number): Promise<SentEvent[]>; close(): void;
}> {
  const [seen, comments]: [SentEvent[], string[]] = [[], []];
  const call = request({ socketPath, path: `/api/v1/events${query}`, headers, agent: false });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on('response', resolve).on('error', reject).end();
  });
  let rest = '';
  answer.setEncoding('utf8').on('error', () => undefined).on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      const data = fields.get('data');
      if (data !== undefined) seen.push({ id: fields.get('id'), event: fields.get('event'), data });
      else comments.push(fields.get('') ?? '');
    }
  });
  return {
    seen, comments, answer,
    async until(count) {
      for (const end = Date.now() + 10_000; seen.length < count && Date.now() < end;) await sleep(10);
      return seen;
    },
    close: () => { call.destroy(); },
  };
}
