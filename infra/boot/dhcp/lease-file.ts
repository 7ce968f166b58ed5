import { constants, mkdir, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import type { Lease } from './deps.ts';

/** What the leases' files need. */
export interface LeaseFileDeps {
  /** A folder of its own on a local disk. */
  readonly folder: string;
  /** Where leases are kept for good and others read them; may be slow, or away for a while. */
  follow(leases: readonly Lease[]): Promise<void>;
  readonly log: Log;
}

/** Leases on their way to the database. */
export interface LeaseFile {
  /** What an earlier process wrote and may not have handed on. */
  readonly left: readonly Lease[];
  /** Resolves when the leases are on the disk. One call at a time. */
  append(leases: readonly Lease[]): Promise<void>;
  /** Hands on what is left, and takes the files away. */
  stop(): Promise<void>;
}

/** One file, the newest lease of each address in it, and its write under way. */
interface Segment {
  readonly path: string;
  readonly file: FileHandle;
  readonly leases: Map<string, Lease>;
  writing: Promise<unknown>;
}

/** Between two hand-overs of a storm: only the newest of an address's leases costs the database anything. */
const pauseMs = 1000;
const name = /^leases\.(\d+)$/;
const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_DSYNC } = constants;

/**
 * Journals leases in files, each write of which is on the disk when it returns; the database follows. An ACK so waits for
 * half a millisecond of a disk instead of for a transaction, and DHCP goes on while the database is away. A file is taken
 * away when the database has all of it. Throws when the folder can't be written.
 */
export async function openLeaseFile({ folder, follow, log }: LeaseFileDeps): Promise<LeaseFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const old = (await readdir(folder)).filter((file) => name.test(file)).sort((a, b) => numberOf(a) - numberOf(b)).map((file) => join(folder, file));
  const left = (await Promise.all(old.map((path) => readFile(path, 'utf8')))).flatMap(readLeases);
  let last = old.reduce((most, path) => Math.max(most, numberOf(path)), 0);
  let current = await begin();
  const stopping = new AbortController();
  let following = insist(() => (left.length === 0 ? Promise.resolve() : follow(left))).then((done) => (done ? removeAll(old) : undefined));

  async function begin(): Promise<Segment> {
    const path = join(folder, `leases.${last += 1}`);
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_DSYNC, 0o600);
    try {
      const entry = await open(folder);
      await entry.sync().finally(() => entry.close());
    } catch (error) {
      await file.close();
      await removeAll([path]);
      throw error;
    }
    return { path, file, leases: new Map(), writing: Promise.resolve() };
  }

  /** A file that can't be taken away is read again by the next process, which changes nothing. */
  async function removeAll(paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map((path) => rm(path, { force: true }).catch((error: unknown) => { log.warn('dhcp.leases-not-removed', { path, reason: String(error) }); })));
  }

  /** Until it succeeds, or the process ends: what is in a file is safe there. */
  async function insist(work: () => Promise<void>): Promise<boolean> {
    for (let failed = false; ; failed = true) {
      const reason = await work().then(() => null, String);
      if (reason === null) return true;
      if (!failed) log.warn('dhcp.leases-not-followed', { reason, next: 'luna status' });
      if (stopping.signal.aborted) return false;
      await rest();
    }
  }

  const rest = (): Promise<void> => sleep(pauseMs, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);

  async function handOver(): Promise<void> {
    const segment = current;
    if (!await insist(async () => { current = await begin(); })) return;
    await segment.writing.catch(() => undefined);
    await segment.file.close().catch((error: unknown) => { log.warn('dhcp.leases-not-closed', { path: segment.path, reason: String(error) }); });
    if (await insist(() => follow([...segment.leases.values()]))) await removeAll([segment.path]);
  }

  let handingOver = false;
  async function handOverAll(): Promise<void> {
    handingOver = true;
    for (await following; current.leases.size > 0 && !stopping.signal.aborted; await rest()) await handOver();
    handingOver = false;
  }

  return {
    left,
    append(leases) {
      const segment = current;
      // An empty line first: should a write have failed in its middle, this one begins anew.
      // All of it or a failure: on a disk that is nearly full one write takes a part.
      const written = segment.file.appendFile(`\n${leases.map((lease) => JSON.stringify(lease)).join('\n')}\n`).then(() => {
        for (const lease of leases) segment.leases.set(`${lease.networkId}/${lease.ip}`, lease);
        if (!handingOver) following = handOverAll().catch((error: unknown) => { log.error('dhcp.leases-not-followed', { reason: String(error) }); });
      });
      segment.writing = written;
      return written;
    },
    async stop() {
      stopping.abort();
      await following;
      const { leases, file, path, writing } = current;
      await writing.catch(() => undefined);
      await file.close();
      if (leases.size === 0 || await insist(() => follow([...leases.values()]))) await removeAll([path]);
    },
  };
}

/** The leases of a file; a line that was cut short by a crash promised nothing to anybody. */
function readLeases(text: string): Lease[] {
  return text.split('\n').filter((line) => line !== '').flatMap((line) => {
    try {
      return [JSON.parse(line) as Lease];
    } catch {
      return [];
    }
  });
}

function numberOf(path: string): number {
  return Number(/\d+$/.exec(path)?.[0] ?? 0);
}
