import type { Log } from '../log.ts';
import { deviceIndex } from './libc.ts';
import { placeOf } from './place.ts';
import type { UdpBinding } from './udp.ts';

/** Something open on one binding. */
export interface Bound {
  readonly port: number;
  close(): void;
}

/** What is open for one service, one for each binding it wants; what it wants may change while it runs. */
export interface Bindings {
  /** Where it listens now, as `address:port on device`. */
  addresses(): string[];
  /** Opens what is newly wanted and closes what no longer is. A binding that fails is logged and tried again next time. */
  reconcile(): Promise<void>;
  stop(): Promise<void>;
}

/** What the bindings of a service have in common. */
export interface BindingSettings {
  /** Prefix of log events, such as `dhcp`. */
  readonly service: string;
  wanted(): readonly UdpBinding[];
  /** Opens one; it calls `lost` when that stops working by itself. Rejects with SystemCallError. */
  open(binding: UdpBinding, lost: (reason: string) => void): Promise<Bound>;
  readonly log: Log;
}

interface Open { readonly binding: UdpBinding; readonly bound: Bound }
type Failed = (key: string, binding: UdpBinding, error: unknown) => void;

/** Opens all that is wanted. Throws the first SystemCallError and leaves nothing open then: at start a busy port is a mistake to report. */
export async function openBindings(settings: BindingSettings): Promise<Bindings> {
  const { service, log } = settings;
  const open = new Map<string, Open>();
  /** Complaints already made, so that one that lasts is not repeated at every reconcile. */
  const failing = new Map<string, string>();
  let turn: Promise<void> = Promise.resolve();
  let stopped = false;

  async function add(key: string, binding: UdpBinding): Promise<void> {
    const bound = await settings.open(binding, (reason) => {
      // ENETDOWN and the like when a device goes away; the next reconcile opens it again.
      log.error(`${service}.socket-failed`, { ...binding, reason });
      remove(key, bound);
    });
    open.set(key, { binding, bound });
    failing.delete(key);
    log.info(`${service}.listening`, { ...binding, port: bound.port });
  }

  function remove(key: string, bound: Bound): void {
    if (open.get(key)?.bound !== bound) return;
    open.delete(key);
    bound.close();
  }

  async function update(failed: Failed): Promise<void> {
    const wanted = new Map(stopped ? [] : settings.wanted().map((binding) => [describe(binding), binding]));
    for (const [key, { bound }] of open) if (!wanted.has(key)) remove(key, bound);
    for (const [key, binding] of wanted) {
      if (!open.has(key)) await add(key, binding).catch((error: unknown) => failed(key, binding, error));
    }
  }

  /** One at a time, so that two calls can't open the same binding twice. */
  function inTurn(failed: Failed): Promise<void> {
    const run = turn.then(() => update(failed));
    turn = run.catch(() => undefined);
    return run;
  }

  async function stop(): Promise<void> {
    stopped = true;
    await inTurn(() => undefined);
  }

  await inTurn((_key, _binding, error) => {
    throw error;
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });

  return {
    addresses: () => [...open.values()].map(({ binding, bound }) => `${placeOf(binding.address, bound.port)} on ${binding.device}`),
    reconcile: () =>
      inTurn((key, binding, error) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (failing.get(key) === reason) return;
        failing.set(key, reason);
        log.error(`${service}.listen-failed`, { ...binding, reason });
      }),
    stop,
  };
}

/** A socket stays bound to a device that is gone; one made anew under the same name has another number. */
function describe(binding: UdpBinding): string {
  return `${binding.device}#${deviceIndex(binding.device)} ${binding.address} ${binding.port}`;
}
