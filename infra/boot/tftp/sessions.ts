import type { Conversation } from './conversation.ts';
import type { TftpRequest } from './packet.ts';

/** Address and port a client speaks from. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** How much is done at once. */
export interface Limits {
  /** Transfers of all clients together. */
  readonly all: number;
  /** Transfers of one address. */
  readonly perClient: number;
  /** Requests per second that an address may keep up, and twice as many after a pause. */
  readonly rate: number;
}

/** A place among the transfers. */
export interface Place {
  readonly peer: Peer;
  /** False once the place was given to another request or the server stops. */
  taken(): boolean;
  /** Takes the transfer that has begun here. */
  hold(conversation: Conversation): void;
  /** Gives the place back. */
  leave(): void;
}

/** Why a request gets no place: it came twice, or there is no room. */
export type NoPlace = 'repeated' | 'busy';

/** The transfers under way. */
export interface Sessions {
  admit(peer: Peer, request: TftpRequest<'read'>): Place | NoPlace;
  /** The transfer of this very address and port. */
  of(peer: Peer): Conversation | null;
  count(): number;
  stop(): void;
}

/** No transfers yet. */
export function createSessions(limits: Limits): Sessions {
  const running = new Map<string, { peer: Peer; request: TftpRequest<'read'>; conversation: Conversation | null }>();

  function end(key: string, why: string): void {
    const place = running.get(key);
    running.delete(key);
    place?.conversation?.abort(why);
  }

  /** A ROM that asks for the size, breaks off without a word and asks again has given its oldest transfer up. */
  function makeRoom(address: string): void {
    const own = [...running.values()].filter(({ peer }) => peer.address === address);
    const [oldest] = own;
    if (oldest !== undefined && own.length >= limits.perClient) end(keyOf(oldest.peer), 'the same client began others');
  }

  return {
    admit(peer, request) {
      const key = keyOf(peer);
      const earlier = running.get(key);
      if (earlier !== undefined) {
        // The transfer under way repeats its answer by itself. Firmware that always speaks from one port begins anew there.
        if (isSame(earlier.request, request) && earlier.conversation?.stalled() !== true) return 'repeated';
        end(key, 'the same client began anew');
      }
      makeRoom(peer.address);
      if (running.size >= limits.all) return 'busy';
      const place: { peer: Peer; request: TftpRequest<'read'>; conversation: Conversation | null } = { peer, request, conversation: null };
      running.set(key, place);
      return {
        peer,
        taken: () => running.get(key) === place,
        hold: (conversation) => { place.conversation = conversation; },
        leave() {
          if (running.get(key) === place) running.delete(key);
        },
      };
    },
    of: (peer) => running.get(keyOf(peer))?.conversation ?? null,
    count: () => running.size,
    stop() {
      for (const key of [...running.keys()]) end(key, 'the server stops');
    },
  };
}

function keyOf(peer: Peer): string {
  return `${peer.address} ${peer.port}`;
}

function isSame(one: TftpRequest<'read'>, other: TftpRequest<'read'>): boolean {
  if (one.file !== other.file || one.mode !== other.mode || one.options.size !== other.options.size) return false;
  return [...one.options].every(([name, value]) => other.options.get(name) === value);
}
