import { bindSocket, closeSocket, deviceIndex, linux, openSocket, receiveFrom, sendTo, setOption } from '../libc.ts';
import { groupRequest, socketAddress6 } from '../ipv6-sockets.ts';
import { icmpType } from './packet.ts';

/** A raw ICMPv6 socket tied to one device, which hears router solicitations only. */
export interface IcmpSocket {
  /** The next solicitation that waits, or null. `from` is to be handed back to `send`. */
  receive(): { data: Uint8Array; from: Uint8Array } | null;
  /** Sends to a host that was heard, or without `to` to all nodes (ff02::1). Throws SystemCallError. */
  send(data: Uint8Array, to?: Uint8Array): void;
  close(): void;
  /** The number its device had when it was opened. */
  readonly index: number;
}

/** node's dgram speaks UDP only, so this goes through libc. Throws SystemCallError, or Error when the device has no IPv6. */
export function openIcmp(device: string): IcmpSocket {
  const what = `ICMPv6 on ${device}`;
  const index = deviceIndex(device);
  const fd = openSocket(linux.AF_INET6, linux.SOCK_RAW, linux.IPPROTO_ICMPV6);
  const option = (level: number, name: number, value: number | Uint8Array): void => setOption(fd, level, name, value, what);
  try {
    option(linux.SOL_SOCKET, linux.SO_BINDTODEVICE, Buffer.from(`${device}\0`));
    option(linux.SOL_ICMPV6, linux.ICMPV6_FILTER, onlySolicitations());
    option(linux.IPPROTO_IPV6, linux.IPV6_JOIN_GROUP, groupRequest('ff02::2', index));
    option(linux.IPPROTO_IPV6, linux.IPV6_MULTICAST_IF, index);
    option(linux.IPPROTO_IPV6, linux.IPV6_MULTICAST_LOOP, 0);
    // RFC 4861 §6.1.2: an advertisement with another hop limit than 255 came through a router and is ignored.
    option(linux.IPPROTO_IPV6, linux.IPV6_MULTICAST_HOPS, 255);
    option(linux.IPPROTO_IPV6, linux.IPV6_UNICAST_HOPS, 255);
    bindSocket(fd, socketAddress6('::', 0, 0), what);
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
  const allNodes = socketAddress6('ff02::1', 0, index);
  return {
    index,
    receive: () => receiveFrom(fd),
    send: (data, to) => sendTo(fd, data, to ?? allNodes, what),
    close: () => closeSocket(fd),
  };
}

/** struct icmp6_filter: a set bit blocks its type (RFC 3542 §3.2). */
function onlySolicitations(): Uint8Array {
  const filter = new Uint32Array(8).fill(0xffffffff);
  const word = icmpType.routerSolicitation >> 5;
  filter[word] = (filter[word] ?? 0) & ~(1 << (icmpType.routerSolicitation & 31));
  return new Uint8Array(filter.buffer);
}
