import type { BootGlimpse, BootRecord, Seen } from '../../domain/boot-record.ts';
import type { Log } from '../log.ts';
import { createLimiter } from './limiter.ts';
import { createRecent } from './recent.ts';

/** A record with the time at which it was written down, and who it is about: a MAC, else an address, else a node's id. */
export interface NotedRecord extends BootRecord {
  readonly noted: string;
  readonly who: string;
}

/** What keeping records needs. */
export interface RecorderDeps {
  /** What the site knows: whose MAC, whose reserved address, and the MAC of a node. */
  nodeOfMac(mac: string): string | null;
  nodeOfIp(ip: string): string | null;
  macOfNode(nodeId: string): string | null;
  /** Keeps records; a batch that can't be kept is lost, and said so. */
  append(records: readonly NotedRecord[]): Promise<void>;
  /** Told of every record at once, whether it is kept or not. Must not throw. */
  noticed(record: BootRecord): void;
  /** Told of each message of a machine that isn't declared when no record of it is kept. Must not throw. */
  glimpsed?(glimpse: BootGlimpse): void;
  readonly log: Log;
  readonly now?: () => number;
  readonly flushMs?: number;
}

/** Takes note of what boot services see. */
export interface Recorder {
  readonly seen: Seen;
  /** The same; asks for the record when it is wanted: of a declared machine always, of others as long as there are not too many. */
  glimpsed(glimpse: BootGlimpse, record: () => BootRecord): void;
  /** Records that were not kept because there were too many of them. */
  readonly left: () => number;
  /** Resolves when what was seen so far is kept, or lost. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Late enough to write many at once, soon enough for somebody who looks. */
const FLUSH_MS = 300;
/** One machine's boot is a few dozen records; one that asks without pause tells nothing new. */
const MACHINE = { rate: 2, burst: 100, clients: 20_000 };
/** Machines that are declared, all together: a thousand that boot within a minute are seen whole. */
const NODES = { rate: 500, burst: 5000, clients: 1 };
/** All others together, so that made-up MACs can fill neither the database nor its time. */
const STRANGERS = { rate: 20, burst: 500, clients: 1 };
/** Records that wait for a database that is away. */
const MOST_PENDING = 5000;
/** Addresses of which the machine is remembered. */
const REMEMBERED = 20_000;

/**
 * Completes records with what others told of the same machine, hands each to `noticed`, and keeps them in batches. TFTP
 * and HTTP know addresses alone; DHCP told before whose these are.
 */
export function createRecorder(deps: RecorderDeps): Recorder {
  const now = deps.now ?? Date.now;
  const ofMachine = createLimiter({ ...MACHINE, now });
  const ofNodes = createLimiter({ ...NODES, now });
  const ofStrangers = createLimiter({ ...STRANGERS, now });
  const macOfIp = createRecent<string, string>(REMEMBERED);
  let pending: NotedRecord[] = [];
  let writing: Promise<void> | null = null;
  let left = 0;
  const timer = setInterval(() => { if (writing === null) void flush(); }, deps.flushMs ?? FLUSH_MS);
  timer.unref();

  function complete(record: BootRecord): BootRecord {
    const { ip } = record;
    const known = record.nodeId ?? (record.mac === null ? null : deps.nodeOfMac(record.mac));
    const heard = record.mac ?? (ip === null ? null : macOfIp.get(ip) ?? null);
    const nodeId = known ?? (heard === null ? null : deps.nodeOfMac(heard)) ?? (ip === null ? null : deps.nodeOfIp(ip));
    const mac = heard ?? (nodeId === null ? null : deps.macOfNode(nodeId));
    if (mac !== null && ip !== null && record.mac !== null) macOfIp.set(ip, mac);
    return mac === record.mac && nodeId === record.nodeId ? record : { ...record, mac, nodeId };
  }

  /** Writes what is pending, one batch after the other; what comes meanwhile waits for the next. */
  async function flush(): Promise<void> {
    while (writing !== null) await writing;
    const batch = pending;
    if (batch.length === 0) return;
    pending = [];
    writing = deps.append(batch).catch((error: unknown) => {
      deps.log.warn('trace.lost', { records: batch.length, error: error instanceof Error ? error.message : String(error) });
    }).finally(() => { writing = null; });
    await writing;
  }

  function mayKeep(who: string, nodeId: string | null): boolean {
    const may = ofMachine(who) && (nodeId === null ? ofStrangers : ofNodes)('');
    if (!may) left += 1;
    return may;
  }

  function keep(record: BootRecord, who: string): void {
    if (pending.length >= MOST_PENDING) left += 1;
    else pending.push({ ...record, who, noted: new Date(now()).toISOString() });
  }

  function seen(told: BootRecord): void {
    const record = complete(told);
    deps.noticed(record);
    const who = record.mac ?? record.ip ?? record.nodeId;
    if (who !== null && mayKeep(who, record.nodeId)) keep(record, who);
  }

  return {
    seen,
    glimpsed(glimpse, record) {
      const { mac, ip } = glimpse;
      const nodeId = glimpse.nodeId ?? deps.nodeOfMac(mac) ?? (ip === null ? null : deps.nodeOfIp(ip));
      if (nodeId !== null) return seen(record());
      if (ip !== null) macOfIp.set(ip, mac);
      if (!mayKeep(mac, null)) return deps.glimpsed?.(glimpse);
      const whole = record();
      deps.noticed(whole);
      keep(whole, mac);
    },
    left: () => left,
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
