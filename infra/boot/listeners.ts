import type { Socket } from 'node:dgram';
import type { Log } from '../log.ts';
import { deviceIndex } from './libc.ts';
import { openUdp, type UdpBinding } from './udp.ts';

/** The sockets of one service, one per binding it wants; what it wants may change while it runs. */
export interface Listeners {
  /** Where it listens now, as `address:port on device`. */
  addresses(): string[];
  /** Opens what is newly wanted and closes what no longer is. A binding that fails is logged and tried again next time. */
  reconcile(): Promise<void>;
  stop(): Promise<void>;
}

/** What the listeners of a service have in common. */
export interface ListenerSettings {
  /** Prefix of log events, such as `dhcp`. */
  readonly service: string;
  wanted(): readonly UdpBinding[];
  /** Called for each datagram. Must not throw. */
  received(data: Uint8Array, from: { address: string; port: number }, at: Listener): void;
  readonly log: Log;
}

/** One open socket. */
export interface Listener {
  readonly binding: UdpBinding;
  readonly socket: Socket;
}

type Failed = (key: string, binding: UdpBinding, error: unknown) => void;

/** Opens all that is wanted. Throws the first SystemCallError and leaves nothing open then: at start a busy port is a mistake to report. */
export async function openListeners(settings: ListenerSettings): Promise<Listeners> {
  const { service, log } = settings;
  const open = new Map<string, Listener>();
  /** Complaints already made, so that one that lasts is not repeated at every reconcile. */
  const failing = new Map<string, string>();
  let turn: Promise<void> = Promise.resolve();
  let stopped = false;

  async function add(key: string, binding: UdpBinding): Promise<void> {
    const listener = { binding, socket: await openUdp(binding) };
    listener.socket.on('message', (data, from) => settings.received(data, from, listener));
    listener.socket.on('error', (error) => {
      // ENETDOWN and the like when a device goes away; the next reconcile opens it again.
      log.error(`${service}.socket-failed`, { ...binding, reason: error.message });
      remove(key, listener);
    });
    open.set(key, listener);
    failing.delete(key);
    log.info(`${service}.listening`, { ...binding, port: listener.socket.address().port });
  }

  function remove(key: string, listener: Listener): void {
    if (open.get(key) !== listener) return;
    open.delete(key);
    listener.socket.close();
  }

  async function update(failed: Failed): Promise<void> {
    const wanted = new Map(stopped ? [] : settings.wanted().map((binding) => [describe(binding), binding]));
    for (const [key, listener] of open) if (!wanted.has(key)) remove(key, listener);
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
    addresses: () => [...open.values()].map(({ binding, socket }) => `${binding.address}:${socket.address().port} on ${binding.device}`),
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
