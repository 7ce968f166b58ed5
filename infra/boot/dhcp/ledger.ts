import { formatIpv4 } from '../../../domain/ip.ts';
import type { Mac } from '../../../domain/mac.ts';
import type { Log } from '../../log.ts';
import type { Lease } from './deps.ts';
import type { DhcpPacket } from './format.ts';
import type { Journal } from './journal.ts';
import { option } from './options.ts';
import type { Pools } from './pools.ts';
import type { Decision } from './reply.ts';

/** A decision about one machine's message, to be noted before it is answered. */
export interface Entry {
  readonly decision: Decision;
  readonly request: DhcpPacket;
  readonly mac: Mac;
  readonly networkId: string;
  /** Whether the machine has a reservation on the network. */
  readonly reserved: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly leaseSeconds: number;
}

/** Notes what a decision means for the pools. A promise when something must be on disk before the answer leaves. */
export type Ledger = (entry: Entry) => Promise<void> | undefined;

/** Bytes kept of a client's identifier; those in use have a dozen or two. */
const longestIdentifier = 128;

/** A ledger that writes what must outlive a crash to the journal. Reservations need no write. */
export function createLedger(pools: Pools, journal: Journal, log: Log): Ledger {
  const [begins, ends] = [isoTimes(), isoTimes()];

  function leaseOf({ mac, networkId, request, at }: Entry, ip: number, until: number): Lease {
    const clientId = request.options.get(option.clientId);
    return {
      mac, networkId, ip: formatIpv4(ip), at: begins(at), expires: ends(until),
      ...(clientId === undefined ? {} : { clientId: Buffer.from(clientId.subarray(0, longestIdentifier)).toString('hex') }),
    };
  }

  function noteReserved(entry: Entry): void {
    const pool = pools.of(entry.networkId);
    const dynamic = entry.decision.kind === 'ack' ? (pool?.bound(entry.mac) ?? null) : null;
    if (dynamic === null) return;
    pool?.release(entry.mac, dynamic);
    // Not worth waiting for: should it get lost, the old lease merely runs out on its own.
    journal(leaseOf(entry, dynamic, entry.at)).catch((error: unknown) => {
      log.warn('dhcp.lease-not-returned', { mac: entry.mac, reason: String(error) });
    });
  }

  async function noteAck(entry: Entry, ip: number): Promise<void> {
    const pool = pools.of(entry.networkId);
    const until = entry.at + entry.leaseSeconds * 1000;
    pool?.hold(entry.mac, ip);
    await journal(leaseOf(entry, ip, until));
    // The pool may be another one by now: its range was changed meanwhile.
    pools.of(entry.networkId)?.commit(entry.mac, ip, until);
  }

  return (entry) => {
    const { decision, mac, networkId, at } = entry;
    if (entry.reserved) {
      noteReserved(entry);
      return undefined;
    }
    const pool = pools.of(networkId);
    switch (decision.kind) {
      case 'offer':
        pool?.hold(mac, decision.ip);
        return undefined;
      case 'ack':
        return noteAck(entry, decision.ip);
      case 'unchosen':
        pool?.withdraw(mac);
        return undefined;
      case 'release':
        return pool?.release(mac, decision.ip) === true ? journal(leaseOf(entry, decision.ip, at)) : undefined;
      case 'decline':
        return pool?.decline(mac, decision.ip) === true ? journal(leaseOf(entry, decision.ip, at)) : undefined;
      default:
        return undefined;
    }
  };
}

/** Writes times as ISO 8601; those of a storm's messages are mostly the same as of the one before. */
function isoTimes(): (ms: number) => string {
  let [last, written] = [NaN, ''];
  return (ms) => {
    if (ms !== last) [last, written] = [ms, new Date(ms).toISOString()];
    return written;
  };
}
