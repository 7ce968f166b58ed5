import { LunaError } from '../../domain/errors.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { countFailure, pauseBefore } from './backoff.ts';
import { type Child, type Ending, startChild } from './child.ts';
import type { Launch, Part, PartStatus } from './part.ts';
import { sendSignal } from './process-identity.ts';
import { reachable } from './reachable.ts';
import { readReady } from './state-file.ts';

/** What a keeper needs; `changed` is called whenever the status did. */
export interface KeeperDeps { config: Config; log: Log; changed: () => void; limits?: Partial<Limits> }

/** Deadlines in ms: for one start to become ready, for one clean stop, between two looks at a part's health. */
export interface Limits { readyMs: number; stopMs: number; lookMs: number }

const usualLimits: Limits = { readyMs: 60_000, stopMs: 12_000, lookMs: 5000 };

/** A part that never served and ended this often won't do so by itself. */
const startsBeforeGivingUp = 3;

/** Keeps one part running: starts it, sees that it is ready, restarts it with growing pauses, stops it. */
export class Keeper {
  readonly status: PartStatus;
  private readonly part: Part;
  private readonly deps: KeeperDeps;
  private readonly limits: Limits;
  private readonly stopping = new AbortController();
  private child: Child | undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(part: Part, deps: KeeperDeps) {
    this.part = part;
    this.deps = deps;
    this.limits = { ...usualLimits, ...deps.limits };
    this.status = {
      name: part.name, tier: part.tier, state: 'waiting', external: !part.launch, addresses: part.addresses, restarts: 0,
      since: new Date().toISOString(), health: { ok: false, reason: 'not started' }, ...(part.note ? { note: part.note } : {}),
    };
  }

  /** Starts the part and keeps it. Resolves when it is ready for the first time; rejects with the reason when it won't be. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.loop = this.part.launch ? this.keep(this.part.launch, resolve, reject) : this.watch(resolve, reject);
    });
  }

  /** Stops the part: SIGTERM, and SIGKILL when the deadline passes, which `status.killed` then says. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const child = this.child;
    if (child) {
      this.set({ state: 'stopping' });
      child.signal('SIGTERM');
      if (!await within(child.ended, this.limits.stopMs)) {
        this.deps.log.warn('part.killed', { part: this.part.name, after: this.limits.stopMs });
        this.set({ killed: true });
        sendSignal(child.pid, 'SIGKILL', true);
      }
    }
    await this.loop;
    this.set({ state: 'stopped', health: { ok: false, reason: 'stopped' } });
  }

  private async keep(launch: Launch, resolve: () => void, reject: (why: Error) => void): Promise<void> {
    let served = false;
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      const started = Date.now();
      const child = startChild(this.deps.config, this.part, launch);
      this.child = child;
      this.set({ state: 'starting', pid: child.pid, health: { ok: false, reason: 'starting' } });
      const life = new AbortController();
      const ready = this.becomeReady(child, life.signal).then((isReady) => {
        if (!isReady) return;
        served = true;
        resolve();
      });
      const ending = await child.ended;
      life.abort();
      await ready;
      this.child = undefined;
      if (this.stopping.signal.aborted) break;
      failures = countFailure(failures, Date.now() - started);
      if (!served && failures >= startsBeforeGivingUp) {
        this.set({ state: 'stopped', health: { ok: false, reason: ending.how } });
        reject(new Error(endingText(this.part.name, ending)));
        return;
      }
      await this.pause(ending, pauseBefore(failures));
    }
    reject(new Error(`${this.part.name} was stopped before it was ready`));
  }

  private async pause(ending: Ending, ms: number): Promise<void> {
    this.deps.log.warn('part.ended', { part: this.part.name, how: ending.how, tail: ending.tail, restartInMs: ms });
    this.set({ state: 'restarting', restarts: this.status.restarts + 1, health: { ok: false, reason: `ended: ${ending.how}` } });
    await sleep(ms, this.stopping.signal);
  }

  /** Waits until the process serves, then looks after it until it ends. One that isn't ready in time is ended. */
  private async becomeReady(child: Child, life: AbortSignal): Promise<boolean> {
    const deadline = Date.now() + this.limits.readyMs;
    let reason = 'not ready yet';
    while (!life.aborted) {
      try {
        const addresses = await this.askReady(child, life);
        if (addresses && !life.aborted) {
          this.set({ state: 'ready', addresses, since: new Date().toISOString(), health: { ok: true } });
          this.deps.log.info('part.ready', { part: this.part.name, pid: child.pid, addresses });
          void this.look(life);
          return true;
        }
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
      if (Date.now() > deadline) {
        this.deps.log.warn('part.not_ready_in_time', { part: this.part.name, reason });
        sendSignal(child.pid, 'SIGKILL', true);
        return false;
      }
      await sleep(50, life);
    }
    return false;
  }

  private async askReady(child: Child, life: AbortSignal): Promise<string[] | undefined> {
    if (!this.part.check) return readReady(this.deps.config, this.part.name, child.pid)?.addresses;
    await this.part.check(life);
    return this.part.addresses;
  }

  /** A part that runs elsewhere is checked once to start, and watched. */
  private async watch(resolve: () => void, reject: (why: Error) => void): Promise<void> {
    try {
      await this.part.check?.(this.stopping.signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.set({ state: 'stopped', health: { ok: false, reason } });
      const where = `${this.part.name} at ${this.part.addresses.join(', ')}`;
      reject(new LunaError('unavailable', `${where} can't be used: ${reason}`, 'start it, or correct its address in the environment or /etc/luna.conf'));
      return;
    }
    this.set({ state: 'ready', since: new Date().toISOString(), health: { ok: true } });
    resolve();
    await this.look(this.stopping.signal);
  }

  private async look(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      await sleep(this.limits.lookMs, life);
      if (life.aborted) return;
      const health = await Promise.all(this.askable().map((address) => reachable(address)))
        .then(() => ({ ok: true }), (error: unknown) => ({ ok: false, reason: error instanceof Error ? error.message : String(error) }));
      if (!life.aborted && JSON.stringify(health) !== JSON.stringify(this.status.health)) this.set({ health });
    }
  }

  /** A worker's bare TCP port is not asked: the seeder would take the question for a peer. */
  private askable(): string[] {
    return this.status.addresses.filter((address) => this.part.tier === 'engine' || !address.startsWith('tcp:'));
  }

  private set(change: Partial<PartStatus>): void {
    Object.assign(this.status, change);
    if (!this.child && this.status.state !== 'starting') delete this.status.pid;
    this.deps.changed();
  }
}

function endingText(name: string, { how, tail }: Ending): string {
  return `${name} ended with ${how}${tail.length > 0 ? `; its last lines:\n${tail.map((line) => `    ${line}`).join('\n')}` : ''}`;
}

async function within(done: Promise<unknown>, ms: number): Promise<boolean> {
  const late = new AbortController();
  const result = await Promise.race([done.then(() => true), sleep(ms, late.signal).then(() => false)]);
  late.abort();
  return result;
}

/** Waits, or less when the signal fires. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
