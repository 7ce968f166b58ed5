import type { Socket } from 'node:dgram';
import type { Log } from '../log.ts';
import { type Bindings, openBindings } from './bindings.ts';
import { openUdp, type UdpBinding } from './udp.ts';

/** What the listeners of a service have in common. */
export interface ListenerSettings {
  /** Prefix of log events, such as `tftp`. */
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

/** The sockets of one service, by dgram. Throws the first SystemCallError and leaves nothing open then. */
export function openListeners({ service, log, wanted, received }: ListenerSettings): Promise<Bindings> {
  return openBindings({
    service,
    log,
    wanted,
    async open(binding, lost) {
      const listener = { binding, socket: await openUdp(binding) };
      listener.socket.on('message', (data, from) => { received(data, from, listener); });
      listener.socket.on('error', (error) => { lost(error.message); });
      return { port: listener.socket.address().port, close: () => { listener.socket.close(); } };
    },
  });
}
