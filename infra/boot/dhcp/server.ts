import { MalformedPacket } from '../malformed-packet.ts';
import { openListeners } from '../listeners.ts';
import type { PacketService } from '../packet-service.ts';
import { createExchange } from './exchange.ts';
import { createPools } from './pools.ts';
import { serve, type Served } from './served.ts';
import type { DhcpDeps } from './deps.ts';

/** Loads the leases, then answers on every interface of `deps.interfaces()`. Throws SystemCallError when a port can't be had. */
export async function startDhcp(deps: DhcpDeps): Promise<PacketService> {
  const { log } = deps;
  const pools = createPools((networkId, ip) => deps.isTaken(networkId, ip), deps.now ?? Date.now, await deps.loadLeases());
  const exchange = createExchange(deps, pools);
  let byDevice = new Map<string, Served[]>();
  const underWay = new Set<Promise<void>>();
  let malformed = 0;

  function refresh(): void {
    const all = deps.interfaces().map(serve);
    byDevice = new Map(all.map(({ device }) => [device, all.filter((served) => served.device === device)]));
    pools.reconcile(all);
  }

  refresh();
  const listeners = await openListeners({
    service: 'dhcp',
    log,
    wanted: () => [...byDevice.keys()].map((device) => ({ device, address: '0.0.0.0', port: deps.port ?? 67 })),
    received(data, from, { binding, socket }) {
      const exchanged = exchange(data, byDevice.get(binding.device) ?? [])
        .then((reply) => {
          if (reply === null) return;
          socket.send(reply.data, reply.port, reply.address, (error) => {
            if (error) log.warn('dhcp.send-failed', { device: binding.device, to: reply.address, reason: error.message });
          });
        })
        .catch((error: unknown) => {
          if (error instanceof MalformedPacket) malformed += 1;
          const reason = error instanceof Error ? error.message : String(error);
          log.warn('dhcp.dropped', { device: binding.device, from: from.address, reason, malformed });
        })
        .finally(() => underWay.delete(exchanged));
      underWay.add(exchanged);
    },
  });

  return {
    get addresses() {
      return listeners.addresses();
    },
    async reconcile() {
      refresh();
      await listeners.reconcile();
    },
    async stop() {
      await listeners.stop();
      await Promise.allSettled(underWay);
    },
  };
}
