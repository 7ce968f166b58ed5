import type { Answer } from './answer.ts';
import type { DnsDeps } from './deps.ts';
import { createForwardCache, type Remembered } from './forward-cache.ts';
import { encodeMessage, questionOf } from './message.ts';
import { FLAG, RCODE } from './numbers.ts';
import type { Query } from './packet.ts';
import { type Client, limitOf, messageOf } from './reply.ts';
import type { Response } from './response.ts';
import { askServer, type UpstreamQuestion } from './upstream.ts';

/** Gets answers from servers elsewhere. */
export interface Forwarder {
  /** The whole message to the one who asked. `own`: what our zones say before the name leaves them. Rejects when no server answers. */
  answer(query: Query, client: Client, own: Answer | null, address: string): Promise<Buffer>;
}

/** Questions under way: in all, and of one client; who asks for more is told that it failed. */
const MOST = { inAll: 1000, perClient: 100 } as const;
/** Clients give up after five seconds. */
const DEADLINE_MS = 4500;
/** A server that did not answer is asked last for so long. */
const SHUNNED_MS = 30_000;
/** A question that failed is not asked again for so long (RFC 9520 §3.2). */
const FAILED_MS = 2000;
const FAILURES = 5000;

/** What the forwarder needs; `ask` is the way to a server, unless told the real one. */
export type ForwarderDeps = Pick<DnsDeps, 'forwarders' | 'meter'> & { ask?: typeof askServer; now?: () => number };

/** Asks the forwarders, each question once however many wait for it, and remembers what they say. */
export function createForwarder({ forwarders, meter, ask = askServer, now = () => performance.now() }: ForwarderDeps): Forwarder {
  const cache = createForwardCache(now);
  const underWay = new Map<string, Promise<Remembered>>();
  const waiting = new Map<string, number>();
  const shunned = new Map<string, number>();
  const failed = new Map<string, { at: number; error: unknown }>();
  meter.gauge('cached_answers', 'Answers of other servers that are remembered.', () => cache.size);

  async function lookUp(asked: UpstreamQuestion, address: string): Promise<Remembered> {
    const key = `${asked.question.type} ${Number(asked.wantsDnssec)}${Number(asked.checkingDisabled)} ${asked.question.key}`;
    const known = cache.get(key);
    if (known !== null) {
      meter.packet('forward', 'cached');
      return known;
    }
    const failure = failed.get(key);
    if (failure !== undefined && now() - failure.at < FAILED_MS) return orStale(key, failure.error);
    const running = underWay.get(key);
    if (running === undefined && underWay.size >= MOST.inAll) throw new Error('too many questions are under way to other servers');
    const count = waiting.get(address) ?? 0;
    if (count >= MOST.perClient) throw new Error(`${MOST.perClient} questions of this client are under way to other servers`);
    waiting.set(address, count + 1);
    const found = running ?? begin(key, asked);
    return found.finally(() => {
      const left = (waiting.get(address) ?? 1) - 1;
      if (left === 0) waiting.delete(address);
      else waiting.set(address, left);
    });
  }

  function begin(key: string, asked: UpstreamQuestion): Promise<Remembered> {
    const began = now();
    const found = askAll(asked).then((response) => {
      cache.put(key, response);
      failed.delete(key);
      meter.packet('forward', 'answered');
      meter.took('forward', (now() - began) / 1000);
      return response;
    }, (error: unknown) => {
      if (failed.size >= FAILURES) failed.clear();
      failed.set(key, { at: now(), error });
      meter.packet('forward', 'failed');
      return orStale(key, error);
    }).finally(() => { underWay.delete(key); });
    underWay.set(key, found);
    return found;
  }

  function orStale(key: string, error: unknown): Remembered {
    const stale = cache.get(key, true);
    if (stale === null) throw error;
    return stale;
  }

  /** One server after the other, those that answered lately first, until the time is over. */
  async function askAll(asked: UpstreamQuestion): Promise<Response> {
    const until = now() + DEADLINE_MS;
    let unhelpful: Response | null = null;
    let why: unknown = new Error('there are no forwarders: luna cluster change --dns-forwarders IP');
    for (let round = 0; round < 3; round++) {
      for (const server of inOrder()) {
        if (now() >= until) throw why;
        try {
          const response = await ask(server, asked);
          shunned.delete(server);
          if (response.rcode === RCODE.NOERROR || response.rcode === RCODE.NXDOMAIN) return response;
          unhelpful = response;
        } catch (error) {
          shunned.set(server, now());
          why = error;
        }
      }
      // All were asked, and one had something to say, if only that it can't help.
      if (unhelpful !== null) return unhelpful;
    }
    throw why;
  }

  function inOrder(): string[] {
    const isShunned = (server: string): boolean => now() - (shunned.get(server) ?? -Infinity) < SHUNNED_MS;
    const all = forwarders();
    return [...all.filter((server) => !isShunned(server)), ...all.filter(isShunned)];
  }

  return {
    async answer(query, client, own, address) {
      const asked = {
        question: questionOf(own?.elsewhere ?? query.question.name, query.question.type),
        wantsDnssec: query.edns?.wantsDnssec ?? false,
        checkingDisabled: (query.flags & FLAG.CD) !== 0,
      };
      const { rcode, authentic, answer, authority, additional } = await lookUp(asked, address);
      const whole: Answer = { rcode, authoritative: own?.authoritative ?? false, answer: [...own?.answer ?? [], ...answer], authority, additional, elsewhere: null };
      const message = messageOf(query, client, whole);
      if (authentic && own === null) message.flags |= FLAG.AD;
      return encodeMessage(message, limitOf(query, client));
    },
  };
}
