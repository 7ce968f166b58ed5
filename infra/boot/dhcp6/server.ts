import { openListeners } from '../listeners.ts';
import { createLimiter } from '../limiter.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import type { PacketService } from '../packet-service.ts';
import type { Dhcp6Deps, ProvisioningNetwork6 } from './deps.ts';
import { createExchange6 } from './exchange.ts';

/** All_DHCP_Relay_Agents_and_Servers and All_DHCP_Servers (RFC 8415 §7.1). */
const groups = ['ff02::1:2', 'ff05::1:3'];
/** Clients behind a relay share its address. */
const limits = { rate: 500, burst: 1000, clients: 16_384 };
const complaints = { rate: 1 / 60, burst: 1, clients: 4096 };

/** Answers on every device of `deps.networks()` (RFC 8415). Throws SystemCallError when a port can't be had. */
export async function startDhcp6(deps: Dhcp6Deps): Promise<PacketService> {
  const { log, meter } = deps;
  const now = deps.now ?? Date.now;
  const mayAsk = createLimiter({ ...limits, now });
  const mayComplain = createLimiter({ ...complaints, now });
  let networks: readonly ProvisioningNetwork6[] = deps.networks();
  const exchange = createExchange6(deps, () => networks);
  const underWay = new Set<Promise<void>>();

  function dropped(device: string, from: string, error: unknown): void {
    meter.packet('unknown', error instanceof MalformedPacket ? 'malformed' : 'failed');
    const reason = error instanceof Error ? error.message : String(error);
    if (mayComplain(`${device} ${from}`)) log.warn('dhcp6.dropped', { device, from, reason });
  }

  const listeners = await openListeners({
    service: 'dhcp6',
    log,
    wanted: () => devicesOf(networks).map((device) => ({ device, address: '::', port: deps.port ?? 547, groups })),
    received(data, from, { binding: { device }, socket }) {
      const [address = ''] = from.address.split('%');
      if (!mayAsk(`${device} ${address}`)) return meter.packet('unknown', 'limited');
      const exchanged = exchange(data, { address, port: from.port }, device)
        .then((reply) => {
          if (reply === null) return;
          socket.send(reply.data, reply.port, from.address, (error) => {
            if (error) log.warn('dhcp6.send-failed', { device, to: from.address, reason: error.message });
          });
        })
        .catch((error: unknown) => dropped(device, address, error))
        .finally(() => underWay.delete(exchanged));
      underWay.add(exchanged);
    },
  });

  return {
    get addresses() {
      return listeners.addresses();
    },
    async reconcile() {
      networks = deps.networks();
      await listeners.reconcile();
    },
    async stop() {
      await listeners.stop();
      await Promise.allSettled(underWay);
    },
  };
}

function devicesOf(networks: readonly ProvisioningNetwork6[]): string[] {
  return [...new Set(networks.flatMap(({ device }) => device ?? []))];
}
