import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { serveControl } from './control.ts';
import { Keeper, type Limits } from './keeper.ts';
import { stopLeftovers } from './leftovers.ts';
import { rotateLog } from './log-file.ts';
import type { Part } from './part.ts';
import { controlParts } from './part-control.ts';
import { conflictText, portConflicts } from './ports.ts';
import { identify } from './process-identity.ts';
import { type Phase, releaseLock, type SupervisorState, takeLock, writeState } from './state-file.ts';

/** What the supervisor is given. `signal` stops it; `changed` sees every state it writes. */
export interface SuperviseDeps {
  config: Config;
  log: Log;
  signal: AbortSignal;
  changed?: (state: SupervisorState) => void;
  limits?: Partial<Limits>;
}

/** How often logs are looked at for their length. */
const rotationMs = 600_000;

/**
 * Brings an instance up and keeps it up until `signal` fires, then takes it down in reverse order. Engines first, in
 * parallel, then the workers, in parallel. Its state is in `run/supervisor.json`. Throws {@link LunaError} when a part
 * can't be started; everything is stopped by then.
 */
export async function supervise(parts: readonly Part[], deps: SuperviseDeps): Promise<void> {
  const { config, log, signal } = deps;
  for (const folder of [config.dataDir, config.logDir, config.runDir]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const self = identify(process.pid);
  if (!self) throw new LunaError('unavailable', 'This process does not find itself in /proc.', 'mount -t proc proc /proc');
  const other = takeLock(config, self);
  if (other) throw new LunaError('conflict', `luna runs already (supervisor ${other.pid}).`, 'luna status');
  const state: SupervisorState = { supervisor: self, phase: 'starting', startedAt: new Date().toISOString(), parts: [] };
  const publish = () => {
    writeState(config, state);
    deps.changed?.(state);
  };
  const enter = (phase: Phase) => {
    state.phase = phase;
    publish();
  };
  const keep = (part: Part): Keeper => new Keeper(part, { config, log, changed: publish, ...(deps.limits ? { limits: deps.limits } : {}) });
  const keepers = parts.map(keep);
  const show = () => { state.parts = keepers.map((keeper) => keeper.status); };
  show();
  const act = controlParts({
    keepers,
    signal,
    renew(place) {
      const renewed = keep(parts[place] ?? unknownPart());
      keepers[place] = renewed;
      show();
      return renewed;
    },
  });
  enter('starting');

  const rotation = setInterval(() => {
    for (const { name } of [...parts, { name: 'supervisor' }]) rotateLog(join(config.logDir, `${name}.log`));
  }, rotationMs);
  const tier = (name: Part['tier']) => keepers.filter((keeper) => keeper.status.tier === name);
  try {
    for (const left of await stopLeftovers(config)) log.warn('leftover.stopped', left);
    refuseConflicts(parts);
    await startAll(tier('engine'), signal);
    await startAll(tier('worker'), signal);
    if (!signal.aborted) {
      log.info('supervisor.ready', { tookMs: Date.now() - Date.parse(state.startedAt) });
      enter('ready');
      const control = await serveControl(config, act);
      await fired(signal);
      await control.stop();
    }
  } catch (error) {
    const failure = error instanceof LunaError ? error : new LunaError('unavailable', error instanceof Error ? error.message : String(error), `less ${config.logDir}/*.log`);
    state.why = { message: failure.message, ...(failure.next ? { next: failure.next } : {}) };
    throw failure;
  } finally {
    clearInterval(rotation);
    enter('stopping');
    await Promise.all(tier('worker').map((keeper) => keeper.stop()));
    await Promise.all(tier('engine').map((keeper) => keeper.stop()));
    enter(state.why ? 'failed' : 'stopped');
    releaseLock(config);
    log.info('supervisor.stopped');
  }
}

function unknownPart(): never {
  throw new Error('a keeper without a part');
}

/** Rejects with the first part that can't start; resolves early when asked to stop. */
async function startAll(keepers: Keeper[], signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await Promise.race([Promise.all(keepers.map((keeper) => keeper.start())), fired(signal)]);
}

function refuseConflicts(parts: readonly Part[]): void {
  const conflicts = portConflicts(parts.flatMap((part) => part.claims));
  if (conflicts.length === 0) return;
  throw new LunaError('conflict', conflicts.map((conflict) => `\n  ${conflictText(conflict)}`).join(''), 'luna up');
}

function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => { signal.addEventListener('abort', () => { resolve(); }, { once: true }); });
}
