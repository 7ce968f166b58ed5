import type { BootRecord } from '../../../domain/boot-record.ts';
import { formatIpv6, ipv6Of } from '../../../domain/ipv6.ts';
import { formatSubnet } from '../../../domain/subnet.ts';
import type { Log } from '../../log.ts';
import { macOfLinkLocal } from '../eui64.ts';
import { addressIn } from '../ipv6-sockets.ts';
import { deviceIndex } from '../libc.ts';
import { createLimiter } from '../limiter.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import type { Meter } from '../../meter.ts';
import type { PacketService } from '../packet-service.ts';
import { type Advertised, encodeAdvertisement, readSolicitation } from './packet.ts';
import { type IcmpSocket, openIcmp } from './socket.ts';

/** What the advertiser needs. */
export interface AdvertiserDeps {
  /** The devices to advertise on, and what; asked at start and at `reconcile()`. Of several with one name the first counts. */
  interfaces(): readonly AdvertisingInterface[];
  seen(record: BootRecord): void;
  readonly meter: Meter;
  readonly log: Log;
}

/** A device and what its hosts are told. */
export interface AdvertisingInterface {
  readonly name: string;
  readonly advertised: Advertised;
}

/** Raw sockets have no events in node; looking twenty times a second costs nothing measurable and answers at once for any host. */
const lookEveryMs = 50;
/** RFC 4861 §6.2.1, MaxRtrAdvInterval: at most half an hour; shorter, for a host whose solicitation got lost. */
const advertiseEveryMs = 60_000;
/** RFC 4861 §6.3.7: a host solicits three times, four seconds apart; iPXE more often, but never so often. */
const limits = { rate: 1, burst: 10, clients: 16_384, now: Date.now };
const complaintLimits = { rate: 1 / 60, burst: 1, clients: 4096, now: Date.now };

/**
 * Tells hosts on the provisioning networks what IPv6 there is: DHCPv6 for the machines declared in IPv6 networks, or at
 * once that there is nothing to be had. iPXE configures IPv6 beside IPv4
 * and goes on only when both have ended; without an advertisement it repeats its solicitation for many seconds
 * (docs/decisions/0001). Where no IPv6 is declared, the advertisement names no route and no prefix, so no host's
 * configuration changes by it.
 * A device without IPv6 is logged and tried again: booting there works, only slower.
 */
export function startRouterAdvertisements(deps: AdvertiserDeps): Promise<PacketService> {
  const { log } = deps;
  const sockets = new Map<string, IcmpSocket>();
  const complaints = new Map<string, string>();
  const mayAsk = createLimiter(limits);
  const mayComplain = createLimiter(complaintLimits);
  let told = new Map<string, Advertised>();

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
        for (let heard = socket.receive(); heard !== null; heard = socket.receive()) answer(device, socket, heard);
      });
    }
  }

  /** To all nodes (RFC 4861 §6.2.6 allows it): a solicitation may come from `::`, which can't be answered. */
  function answer(device: string, socket: IcmpSocket, { data, from }: { data: Uint8Array; from: Uint8Array }): void {
    const source = ipv6Of(addressIn(from));
    const address = formatIpv6(source);
    const advertised = told.get(device);
    if (advertised === undefined) return;
    if (!mayAsk(`${device} ${address}`)) return deps.meter.packet('solicitation', 'limited');
    try {
      const mac = readSolicitation(data) ?? macOfLinkLocal(source);
      guarded(device, () => socket.send(encodeAdvertisement(advertised)));
      deps.meter.packet('solicitation', 'advertisement');
      log.debug('ra.answered', { device });
      if (mac !== null || address !== '::') deps.seen(recordOf(mac, address, advertised));
    } catch (error) {
      if (!(error instanceof MalformedPacket)) throw error;
      deps.meter.packet('solicitation', 'malformed');
      if (mayComplain(`${device} ${address}`)) log.warn('ra.dropped', { device, from: address, reason: error.message });
    }
  }

  function open(device: string): void {
    guarded(device, () => {
      sockets.set(device, openIcmp(device));
      log.info('ra.advertising', { device });
    });
  }

  function reconcile(): void {
    told = new Map(deps.interfaces().toReversed().map(({ name, advertised }) => [name, advertised]));
    for (const [device, socket] of sockets) {
      if (told.has(device) && deviceIndex(device) === socket.index) continue;
      socket.close();
      sockets.delete(device);
    }
    for (const device of told.keys()) if (!sockets.has(device)) open(device);
  }

  reconcile();
  const looking = setInterval(look, lookEveryMs);
  const advertising = setInterval(() => {
    reconcile(); // a device that had no IPv6 may have it by now
    for (const [device, socket] of sockets) {
      const advertised = told.get(device);
      if (advertised !== undefined) guarded(device, () => socket.send(encodeAdvertisement(advertised)));
    }
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

function recordOf(mac: string | null, address: string, { managed, prefixes }: Advertised): BootRecord {
  return {
    at: new Date().toISOString(),
    service: 'ra',
    mac,
    ip: address === '::' ? null : address,
    networkId: null,
    nodeId: null,
    saw: 'ROUTER SOLICITATION',
    answered: managed ? `ROUTER ADVERTISEMENT ${prefixes.map(formatSubnet).join(' ')}`.slice(0, 300) : 'ROUTER ADVERTISEMENT of nothing',
    why: managed ? 'addresses come by DHCPv6' : 'no IPv6 network is declared here',
    facts: {},
  };
}
