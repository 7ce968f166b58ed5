import { MalformedPacket } from '../malformed-packet.ts';
import { createLimiter } from '../limiter.ts';
import type { DnsDeps } from './deps.ts';
import type { Forwarder } from './forwarder.ts';
import { encodeMessage } from './message.ts';
import { textOf } from './name.ts';
import { RCODE, rcodeName, typeName } from './numbers.ts';
import { decodeQuery, type Query } from './packet.ts';
import { type Client, decide, formatError, limitOf, messageOf, nothing } from './reply.ts';
import { transferOf } from './transfer.ts';

/** Who sent a query, and how it came. */
export interface Sender { address: string; tcp: boolean }

/** Takes a query and gives back what goes to the sender, message by message; nothing when it is to hear nothing. Never throws. */
export type Exchange = (data: Uint8Array, sender: Sender, send: Send) => void;
/** Sends messages, in their order. */
export type Send = (messages: Iterable<Buffer>) => void;

/** Clients remembered by the limiter. */
const CLIENTS = 50_000;
/** Queries per second of a client that is not of the site: a forged address is worth nothing to a flood then. */
const STRANGERS_RATE = 50;

/** What the service does with one message, by whatever way it came. */
export function createExchange(deps: DnsDeps, forwarder: Forwarder): Exchange {
  const { meter, log } = deps;
  const now = (): number => performance.now();
  const own = createLimiter({ rate: deps.rate, burst: deps.rate, clients: CLIENTS, now });
  const strangers = createLimiter({ rate: STRANGERS_RATE, burst: 4 * STRANGERS_RATE, clients: CLIENTS, now });
  const mayComplain = createLimiter({ rate: 1 / 60, burst: 1, clients: 1000, now });

  /** The first names that a machine asks for tell how far it is; ten thousand more tell nothing. */
  const isOfInterest = createLimiter({ rate: 1 / 3600, burst: 10, clients: CLIENTS, now });

  function unreadable(data: Uint8Array, address: string, error: unknown, send: Send): void {
    meter.packet('query', 'malformed');
    if (mayComplain(address)) log.warn('dns.malformed', { from: address, reason: error instanceof Error ? error.message : String(error) });
    const reply = formatError(data);
    if (reply !== null) send([reply]);
  }

  function count({ question: { type, key } }: Query, rcode: number, address: string, why: string): void {
    meter.packet(KINDS.has(type) ? typeName(type).toLowerCase() : 'other', rcodeName(rcode).toLowerCase());
    if (!isOfInterest(address)) return;
    const saw = `${typeName(type)} ${textOf(key)}`.slice(0, 300);
    deps.seen({ at: new Date().toISOString(), service: 'dns', mac: null, ip: address, networkId: null, nodeId: null, saw, answered: rcodeName(rcode), why, facts: {} });
  }

  function handle(query: Query, client: Client, address: string, send: Send): void {
    const decision = decide(query, client, deps.zones());
    if (decision.act === 'answer') {
      count(query, decision.answer.rcode, address, '');
      send([encodeMessage(messageOf(query, client, decision.answer), limitOf(query, client))]);
    } else if (decision.act === 'transfer') {
      count(query, RCODE.NOERROR, address, 'a secondary');
      log.info('dns.transfer', { to: address, zone: decision.zone.name, serial: decision.zone.serial });
      send(transferOf(query, decision.zone));
    } else {
      forwarder.answer(query, client, decision.own, address).then((bytes) => {
        count(query, (bytes[3] ?? 0) & 0xf, address, 'as the forwarders say');
        send([bytes]);
      }, (error: unknown) => {
        count(query, RCODE.SERVFAIL, address, 'no forwarder answers');
        if (mayComplain(`${address} forward`)) log.warn('dns.not_forwarded', { name: textOf(query.question.key), for: address, reason: error instanceof Error ? error.message : String(error) });
        send([encodeMessage(messageOf(query, client, nothing(RCODE.SERVFAIL)), limitOf(query, client))]);
      });
    }
  }

  return (data, { address, tcp }, send) => {
    const facts = deps.client(address);
    if (!(facts.isOwn || facts.isSecondary ? own : strangers)(address)) {
      meter.packet('query', 'limited');
      return;
    }
    try {
      handle(decodeQuery(data), { recursion: facts.isOwn && deps.forwarders().length > 0, transfer: facts.isSecondary, tcp }, address, send);
    } catch (error) {
      if (!(error instanceof MalformedPacket)) log.error('dns.failed', { from: address, error });
      unreadable(data, address, error, send);
    }
  };
}

/** Types with a count of their own; what a client makes up has none. */
const KINDS = new Set<number>([1, 2, 5, 6, 12, 15, 16, 28, 33, 65, 251, 252, 255]);
