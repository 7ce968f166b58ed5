import { zonesOf } from '../../domain/zones.ts';
import { message } from '../../infra/boot/dhcp/options.ts';
import { message as message6 } from '../../infra/boot/dhcp6/options.ts';
import { createExchange as createDnsExchange } from '../../infra/boot/dns/exchange.ts';
import { createForwarder } from '../../infra/boot/dns/forwarder.ts';
import { serveZone } from '../../infra/boot/dns/served-zone.ts';
import { MalformedPacket } from '../../infra/boot/malformed-packet.ts';
import { netascii } from '../../infra/boot/tftp/netascii.ts';
import { negotiate } from '../../infra/boot/tftp/options.ts';
import { decode, encode } from '../../infra/boot/tftp/packet.ts';
import { createTransfer } from '../../infra/boot/tftp/transfer.ts';
import { testSite } from './boot-http.ts';
import { capture, dhcp6Captures, dhcpCaptures, tftpCaptures } from './captures.ts';
import { dhcp6Site, said6 } from './dhcp6-site.ts';
import { dhcpSite, said, summary } from './dhcp-site.ts';
import { silentLog } from './silent-log.ts';
import { silentMeter } from './silent-meter.ts';

/** A protocol's parser and the functions behind it, as the service calls them, without its sockets. */
export interface FuzzTarget {
  readonly name: string;
  /** Whole packets that damage is done to. */
  readonly seeds: readonly Uint8Array[];
  /** Takes a packet. Throws or rejects only when something is wrong with luna, never because of the packet. */
  take(packet: Uint8Array): void | Promise<void>;
  /** Whether a whole packet is still answered. */
  answers(): Promise<boolean>;
}

/** DHCP: everything from the datagram to the reply, with a pool of four addresses. */
export function dhcpTarget(): FuzzTarget {
  const site = dhcpSite({ log: silentLog, seen: () => undefined, appendLeases: () => Promise.resolve() });
  const declared = '52:54:00:00:00:0a';
  site.reservations.set(declared, '10.0.0.7');
  return {
    name: 'dhcp', seeds: dhcpCaptures.map(capture), take: tolerant(site.send),
    answers: async () => summary(await site.ask(said(message.discover, declared)))?.[1] === '10.0.0.7',
  };
}

/** DHCPv6, the same. */
export function dhcp6Target(): FuzzTarget {
  const site = dhcp6Site({ seen: () => undefined });
  site.reservations.set('n6 52:54:00:00:00:0a', 'fd00:77::101');
  return {
    name: 'dhcp6', seeds: dhcp6Captures.map(capture), take: tolerant((data) => site.send(data)),
    answers: async () => (await site.ask(said6(message6.solicit, { addresses: [] }))) !== null,
  };
}

/** TFTP: requests begin a transfer, and everything else goes into the newest one. */
export function tftpTarget(): FuzzTarget {
  const content = Uint8Array.from({ length: 70_000 }, (_, at) => at & 255);
  let sent = 0;
  const begin = (options: ReadonlyMap<string, string>) => createTransfer(content, negotiate(options, content.length), {
    send: () => { sent += 1; }, after: () => () => undefined, now: () => 0, ended: () => undefined,
  });
  let transfer = begin(new Map());
  const acks = [0, 1, 2, 65535].map((block) => encode({ type: 'ack', block }));
  const windows = encode({ type: 'read', file: 'snponly.efi', mode: 'netascii', options: new Map([['windowsize', '16'], ['BLKSIZE', '1468'], ['timeout', '3'], ['tsize', '0']]) });
  return {
    name: 'tftp', seeds: [...tftpCaptures.map(capture), ...acks, windows, encode({ type: 'error', code: 0, message: 'aborted' })],
    take: tolerant((data) => {
      const packet = decode(data);
      if (packet.type !== 'read') return transfer.received(packet);
      if (packet.mode === 'netascii') netascii(data);
      transfer = begin(packet.options);
      transfer.start();
    }),
    answers() {
      const before = sent;
      begin(new Map()).start();
      return Promise.resolve(sent > before);
    },
  };
}

/** DNS, from the message to the answers, for secondaries too. */
export function dnsTarget(): FuzzTarget {
  const served = zonesOf(testSite()).zones.map((zone) => serveZone(zone, 1));
  const zones = new Map(served.map((zone) => [zone.origin, zone]));
  const deps = {
    addresses: () => [], port: 53, zones: () => zones, client: () => ({ isOwn: true, isSecondary: true }), forwarders: () => [], rate: 1e9,
    log: silentLog, meter: silentMeter, seen: () => undefined,
  };
  const exchange = createDnsExchange(deps, createForwarder(deps));
  const questions: [string, number][] = [['node001.cluster', 1], ['NoDe001.ClusteR', 28], ['cluster', 6], ['cluster', 252], ['5.0.0.127.in-addr.arpa', 12], ['none.cluster', 255]];
  const seeds = questions.map(([name, type]) => query(name, type));
  let answered = 0;
  const ask = (data: Uint8Array): void => exchange(data, { address: '127.0.0.9', tcp: (data[0] ?? 0) > 127 }, (messages) => { answered += [...messages].length; });
  return {
    name: 'dns', seeds, take: tolerant(ask),
    answers() {
      const before = answered;
      seeds.forEach(ask);
      return Promise.resolve(answered >= before + seeds.length);
    },
  };
}

/** A query with EDNS, as dig sends it. */
function query(name: string, type: number): Uint8Array {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  const header = Buffer.of(0x12, 0x34, 1, 0x20, 0, 1, 0, 0, 0, 0, 0, 1);
  const edns = Buffer.of(0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 12, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8);
  return Uint8Array.from(Buffer.concat([header, ...labels, Buffer.of(0, type >> 8, type & 255, 0, 1), edns]));
}

/** A refusal as malformed is what a damaged packet is to get; that it names the place is checked in passing. */
function tolerant(take: (packet: Uint8Array) => unknown): FuzzTarget['take'] {
  const judge = (error: unknown): void => {
    if (!(error instanceof MalformedPacket) || !Number.isInteger(error.offset) || error.message === '') throw error;
  };
  return (packet) => {
    try {
      const result = take(packet);
      return result instanceof Promise ? result.then(() => undefined, judge) : undefined;
    } catch (error) {
      return judge(error);
    }
  };
}

/** All that work without a socket. */
export const packetTargets: readonly (() => FuzzTarget)[] = [dhcpTarget, dhcp6Target, tftpTarget, dnsTarget];
