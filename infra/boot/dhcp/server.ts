import { formatIpv4 } from '../../../domain/ip.ts';
import { openBindings } from '../bindings.ts';
import { openDatagrams } from '../datagrams.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import { createLimiter } from '../limiter.ts';
import type { ProvisioningNetwork } from '../provisioning-interface.ts';
import type { PacketService } from '../packet-service.ts';
import type { UdpBinding } from '../udp.ts';
import { createExchange } from './exchange.ts';
import { bootServerPort } from './proxy.ts';
import { createPools } from './pools.ts';
import { servedByDevice, type Served } from './served.ts';
import { warmUp } from './warm-up.ts';
import type { DhcpDeps } from './deps.ts';

/** Loads the leases, then answers on every interface of `deps.interfaces()`. Throws SystemCallError when a port can't be had. */
export async function startDhcp(deps: DhcpDeps): Promise<PacketService> {
  const { log } = deps;
  const pools = createPools((networkId, ip) => deps.isTaken(networkId, ip), deps.now ?? Date.now, await deps.loadLeases());
  const exchange = createExchange(deps, pools);
  let byDevice = new Map<string, Served[]>();
  const underWay = new Set<Promise<void>>();
  /** One bad sender must not fill the log: a line per address and minute. */
  const mayComplain = createLimiter({ rate: 1 / 60, burst: 1, clients: 1024, now: () => performance.now() });

  function refresh(): void {
    const isOn = ({ dhcp }: ProvisioningNetwork): boolean => dhcp !== 'off';
    byDevice = servedByDevice(deps.interfaces().filter(({ network }) => isOn(network)), (deps.relayedNetworks?.() ?? []).filter(isOn));
    pools.reconcile([...byDevice.values()].flat());
  }

  async function open(binding: UdpBinding, lost: (reason: string) => void) {
    const { device } = binding;
    const dropped = (error: unknown, address: number): void => {
      if (error instanceof MalformedPacket) deps.meter.packet('unknown', 'malformed');
      const reason = error instanceof Error ? error.message : String(error);
      const from = formatIpv4(address);
      if (mayComplain(`${device} ${from}`)) log.warn('dhcp.dropped', { device, from, reason });
    };
    const socket = openDatagrams(binding, {
      received(data, address, port) {
        try {
          const reply = exchange(data, byDevice.get(device) ?? [], binding.port === bootServerPort ? { address, port } : undefined);
          if (!(reply instanceof Promise)) return reply === null ? undefined : socket.send(reply.data, reply.address, reply.port);
          const exchanged = reply
            .then((later) => { if (later !== null) socket.send(later.data, later.address, later.port); })
            .catch((error: unknown) => { dropped(error, address); })
            .finally(() => underWay.delete(exchanged));
          underWay.add(exchanged);
        } catch (error) {
          dropped(error, address);
        }
      },
      unsent: (reason, address) => { if (mayComplain(`${device} ${address}`)) log.warn('dhcp.send-failed', { device, to: formatIpv4(address), reason }); },
      lost,
    });
    return socket;
  }

  refresh();
  deps.meter.gauge('addresses_used', 'Dynamic addresses that are leased or held.', () => pools.used());
  const bindings = await openBindings({
    service: 'dhcp',
    log,
    wanted: () => [...byDevice].flatMap(([device, heard]) => {
      const ports = heard.some(({ proxy }) => proxy) ? [deps.port ?? 67, bootServerPort] : [deps.port ?? 67];
      return ports.map((port) => ({ device, address: '0.0.0.0', port }));
    }),
    open,
  });

  let stopped = false;
  const warm = warmUp(() => stopped).catch((error: unknown) => { log.warn('dhcp.not-warmed-up', { reason: String(error) }); });

  return {
    get addresses() {
      return bindings.addresses();
    },
    async reconcile() {
      refresh();
      await bindings.reconcile();
    },
    async stop() {
      stopped = true;
      await warm;
      await bindings.stop();
      await Promise.allSettled(underWay);
    },
  };
}
