import { first, option } from './options.ts';
import type { Relay } from './packet.ts';

const clientPort = 546; // RFC 8415 §7.2
const relayPort = 547;

/** The relays of an answer (RFC 8415 §19.3): the same ones, with what they want back: their interface, their port. */
export function answeringRelays(relays: readonly Relay[]): Relay[] {
  return relays.map((relay) => ({ ...relay, options: relay.options.filter(({ code }) => code === option.interfaceId || code === option.relayPort) }));
}

/** The port an answer goes to: the client's, the relay's, or for a relay that listens where it speaks that one (RFC 8357 §5.2). */
export function replyPort([outermost]: readonly Relay[], source: number): number {
  if (outermost === undefined) return clientPort;
  return first(outermost.options, option.relayPort) === null ? relayPort : source;
}
