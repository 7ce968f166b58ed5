import type { Log } from '../../log.ts';
import type { PacketService } from '../packet-service.ts';
import { deviceIndex } from '../libc.ts';
import { checkSolicitation, encodeAdvertisement } from './packet.ts';
import { type IcmpSocket, openIcmp } from './socket.ts';

/** What the advertiser needs. */
export interface AdvertiserDeps {
  /** The devices to advertise on; asked at start and at `reconcile()`. */
  interfaces(): readonly { readonly name: string }[];
  readonly log: Log;
}

/** Raw sockets have no events in node; looking twenty times a second costs nothing measurable and answers at once for any host. */
const lookEveryMs = 50;
/** RFC 4861 §6.2.1, MaxRtrAdvInterval: at most half an hour; shorter, for a host whose solicitation got lost. */
const advertiseEveryMs = 60_000;

/**
 * Tells hosts on the provisioning networks at once that there is no IPv6 to be had. iPXE configures IPv6 beside IPv4
 * and goes on only when both have ended; without an advertisement it repeats its solicitation for many seconds
 * (docs/decisions/0001). The advertisement names no route and no prefix, so no host's configuration changes by it.
 * A device without IPv6 is logged and tried again: booting there works, only slower.
 */
export function startRouterAdvertisements(deps: AdvertiserDeps): Promise<PacketService> {
  const { log } = deps;
  const sockets = new Map<string, IcmpSocket>();
  const complaints = new Map<string, string>();
  const advertisement = encodeAdvertisement();

  /** Says what failed once, not every time it is tried again. */
  function guarded(device: string, work: () => void): void {
    try {
      work();
      complaints.delete(device);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (complaints.get(device) === reason) return;
      complaints.set(device, reason);
      log.warn('ra.failed', { device, reason, next: `sysctl net.ipv6.conf.${device}.disable_ipv6 (must be 0)` });
    }
  }

  function look(): void {
    for (const [device, socket] of sockets) {
      guarded(device, () => {
        for (let heard = socket.receive(); heard !== null; heard = socket.receive()) answer(device, socket, heard.data);
      });
    }
  }

  /** To all nodes (RFC 4861 §6.2.6 allows it): a solicitation may come from `::`, which can't be answered. */
  function answer(device: string, socket: IcmpSocket, solicitation: Uint8Array): void {
    guarded(device, () => {
      checkSolicitation(solicitation);
      socket.send(advertisement);
      log.debug('ra.answered', { device });
    });
  }

  function open(device: string): void {
    guarded(device, () => {
      sockets.set(device, openIcmp(device));
      log.info('ra.advertising', { device });
    });
  }

  function reconcile(): void {
    const wanted = new Set(deps.interfaces().map(({ name }) => name));
    for (const [device, socket] of sockets) {
      if (wanted.has(device) && deviceIndex(device) === socket.index) continue;
      socket.close();
      sockets.delete(device);
    }
    for (const device of wanted) if (!sockets.has(device)) open(device);
  }

  reconcile();
  const looking = setInterval(look, lookEveryMs);
  const advertising = setInterval(() => {
    reconcile(); // a device that had no IPv6 may have it by now
    for (const [device, socket] of sockets) guarded(device, () => socket.send(advertisement));
  }, advertiseEveryMs);

  return Promise.resolve({
    get addresses() {
      return [...sockets.keys()].map((device) => `icmpv6 on ${device}`);
    },
    reconcile: async () => reconcile(),
    async stop() {
      clearInterval(looking);
      clearInterval(advertising);
      for (const socket of sockets.values()) socket.close();
      sockets.clear();
    },
  });
}
