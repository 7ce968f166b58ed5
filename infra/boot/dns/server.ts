import { placeOf } from '../place.ts';
import type { DnsDeps, DnsService } from './deps.ts';
import { createExchange } from './exchange.ts';
import { createForwarder } from './forwarder.ts';
import { listenTcp } from './tcp.ts';
import { listenUdp } from './udp.ts';

/** One way in. */
export interface Endpoint {
  port: number;
  /** Resolves when it serves no longer. */
  failed: Promise<Error>;
  stop(): Promise<void>;
}

interface Open { udp: Endpoint; tcp: Endpoint }

/** Starts the service on the addresses there are; what can't be listened on is logged and tried again at `reconcile`. */
export async function startDns(deps: DnsDeps): Promise<DnsService> {
  const { log, port } = deps;
  const forwarder = createForwarder(deps);
  const exchange = createExchange(deps, forwarder);
  const open = new Map<string, Open>();
  /** Complaints already made. */
  const failing = new Map<string, string>();
  let turn: Promise<void> = Promise.resolve();
  let stopped = false;

  async function add(address: string): Promise<void> {
    const udp = await listenUdp(address, port, exchange, deps);
    // The same port for both, also where the kernel chose it.
    const tcp = await listenTcp(address, udp.port, exchange, deps).catch(async (error: unknown) => {
      await udp.stop();
      throw error;
    });
    const both = { udp, tcp };
    open.set(address, both);
    failing.delete(address);
    log.info('dns.listening', { address, port: udp.port });
    void Promise.race([udp.failed, tcp.failed]).then(async (error) => {
      log.error('dns.socket_failed', { address, reason: error.message });
      if (open.get(address) === both) await remove(address);
    });
  }

  async function remove(address: string): Promise<void> {
    const both = open.get(address);
    open.delete(address);
    await Promise.all([both?.udp.stop(), both?.tcp.stop()]);
  }

  async function update(): Promise<void> {
    const wanted = new Set(stopped ? [] : deps.addresses());
    for (const address of [...open.keys()]) if (!wanted.has(address)) await remove(address);
    for (const address of wanted) {
      if (open.has(address)) continue;
      await add(address).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (failing.get(address) !== reason) log.error('dns.listen_failed', { address, port, reason });
        failing.set(address, reason);
      });
    }
  }

  function reconcile(): Promise<void> {
    turn = turn.then(update, update);
    return turn;
  }

  await reconcile();
  return {
    get addresses() { return [...open].map(([address, { udp }]) => `dns://${placeOf(address, udp.port)}`); },
    reconcile,
    async stop() {
      stopped = true;
      await reconcile();
    },
  };
}
