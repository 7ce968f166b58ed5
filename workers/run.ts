import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, ConfigError, loadConfig } from '../infra/config.ts';
import { createLog, type Log } from '../infra/log.ts';
import { createMetrics, type Metrics } from '../infra/metrics/metrics.ts';
import { serveMetrics } from '../infra/metrics/socket.ts';

/** What a process is given: its configuration, its log, its metrics, and a signal that fires when it is asked to stop. */
export interface ProcessDeps { config: Config; log: Log; metrics: Metrics; signal: AbortSignal }

/** A process that serves. `addresses` are shown to people (`tcp://127.0.0.1:7051`, `unix:/…`); `stop` ends cleanly and may be called once. */
export interface RunningProcess { addresses: string[]; stop(): Promise<void> }

/** How long a clean stop may take before the process ends itself. */
const stopDeadlineMs = 10_000;

/**
 * Runs one luna process: reads the configuration, starts it, says that it is ready in `run/NAME.ready`
 * (`{pid, addresses}`), stops it on SIGTERM or SIGINT. Exit codes: 0 stopped as asked, 1 failed, 2 bad configuration.
 */
export async function runProcess(name: string, start: (deps: ProcessDeps) => Promise<RunningProcess>): Promise<void> {
  const config = configOrExit();
  const log = createLog(name, config.logLevel);
  const readyFile = join(config.runDir, `${name}.ready`);
  const stopping = new AbortController();
  const asked = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { resolve(signal); });
  });
  const die = (event: string) => (error: unknown) => {
    log.error(event, { error: error instanceof Error ? error : new Error(String(error)) });
    rmSync(readyFile, { force: true });
    process.exit(1);
  };
  process.on('uncaughtException', die('process.crashed'));
  process.on('unhandledRejection', die('process.crashed'));
  void asked.then(() => { stopping.abort(); });

  log.info('process.starting', { pid: process.pid, data: config.dataDir });
  const metrics = createMetrics(name);
  const running = await start({ config, log, metrics, signal: stopping.signal }).catch(die('process.failed'));
  if (!running) return;
  // Numbers are no reason to fail: a process that can't tell them serves all the same.
  const told = await serveMetrics(config.runDir, name, metrics).catch((error: unknown) => { log.warn('metrics.not_served', { error }); });
  if (!stopping.signal.aborted) writeReady(readyFile, running.addresses);
  log.info('process.ready', { addresses: running.addresses });

  // A process with nothing to do at the moment is no reason for node to end it.
  const staying = setInterval(() => undefined, 60_000);
  const reason = await asked;
  clearInterval(staying);
  log.info('process.stopping', { reason });
  setTimeout(() => { die('process.stop_timed_out')(new Error(`${name} did not stop within ${stopDeadlineMs / 1000} s`)); }, stopDeadlineMs).unref();
  await told?.stop();
  await running.stop().catch(die('process.stop_failed'));
  rmSync(readyFile, { force: true });
  log.info('process.stopped');
  process.exit(0);
}

/** Written aside and renamed, so that a reader never sees half of it. */
function writeReady(path: string, addresses: string[]): void {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify({ pid: process.pid, addresses }));
  renameSync(`${path}.new`, path);
}

/** The configuration; when it has mistakes, prints them all and exits with 2. */
export function configOrExit(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}

/** Does something again and again until `signal` fires; what it throws is logged and doesn't end it. */
export async function every(ms: number, signal: AbortSignal, log: Log, failed: string, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await work().catch((error: unknown) => { log.warn(failed, { error: error instanceof Error ? error : new Error(String(error)) }); });
  }
}
