import dgram from 'node:dgram';
import { parseIpv4 } from '../../domain/ip.ts';
import { groupRequest, socketAddress6 } from './ipv6-sockets.ts';
import { bindSocket, closeSocket, deviceIndex, linux, openSocket, setOption, SystemCallError } from './libc.ts';
import { placeOf } from './place.ts';

/** Where a datagram socket listens. */
export interface UdpBinding {
  /** The one network device whose packets it sees and by which its own leave. */
  readonly device: string;
  /** Address to listen on: 0.0.0.0 also hears broadcasts, `::` what is sent to `groups`. */
  readonly address: string;
  /** IPv6 multicast groups to hear. */
  readonly groups?: readonly string[];
  /** UDP port; 0 lets the kernel choose. */
  readonly port: number;
}

/**
 * A datagram socket tied to one network device. Plain dgram can neither tell by which device a broadcast came nor send
 * 255.255.255.255 out of a chosen one, so the socket is made and bound through libc and then handed to dgram.
 * SO_REUSEADDR is left off on purpose: a second DHCP server on the device must be an error, not a rival.
 * Throws SystemCallError (EADDRINUSE, ENODEV, EPERM, EADDRNOTAVAIL) that names device, address and port.
 */
export async function openUdp(binding: UdpBinding): Promise<dgram.Socket> {
  const fd = openUdpDescriptor(binding);
  try {
    return await adopt(fd, binding.address.includes(':') ? 6 : 4);
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
}

/** The same for whoever reads and writes it through libc; it doesn't block. Throws SystemCallError. */
export function openUdpDescriptor(binding: UdpBinding): number {
  const { device, address, port } = binding;
  const what = `UDP ${placeOf(address, port)} on ${device}`;
  const version = address.includes(':') ? 6 : 4;
  const fd = openSocket(version === 6 ? linux.AF_INET6 : linux.AF_INET, linux.SOCK_DGRAM, 0);
  try {
    setOption(fd, linux.SOL_SOCKET, linux.SO_BINDTODEVICE, Buffer.from(`${device}\0`), what);
    if (version === 6) prepare6(fd, binding, what);
    else setOption(fd, linux.SOL_SOCKET, linux.SO_BROADCAST, 1, what);
    if (port !== 0) enlarge(fd);
    bindSocket(fd, version === 6 ? socketAddress6(address, port, 0) : socketAddress(address, port), what);
    return fd;
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
}

/**
 * A boot storm's first packets come at once, and the usual buffer holds about 160 of them; this one some three thousand. What
 * waits longer than a ROM does is answered in vain, and keeps those waiting that would still be glad of it: hence no more.
 * Without CAP_NET_ADMIN it stays as it is.
 */
function enlarge(fd: number): void {
  try {
    setOption(fd, linux.SOL_SOCKET, linux.SO_RCVBUFFORCE, 2 * 1024 * 1024, 'receive buffer');
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
  }
}

/**
 * IPv6 only, so that a socket of IPv4 may have the port beside it. An address is still being checked for duplicates in its
 * first second (RFC 4862 §5.4) and can't be bound then without IPV6_FREEBIND.
 */
function prepare6(fd: number, { device, groups = [] }: UdpBinding, what: string): void {
  const index = deviceIndex(device);
  setOption(fd, linux.IPPROTO_IPV6, linux.IPV6_V6ONLY, 1, what);
  setOption(fd, linux.IPPROTO_IPV6, linux.IPV6_FREEBIND, 1, what);
  setOption(fd, linux.IPPROTO_IPV6, linux.IPV6_MULTICAST_IF, index, what);
  for (const group of groups) setOption(fd, linux.IPPROTO_IPV6, linux.IPV6_JOIN_GROUP, groupRequest(group, index), what);
}

function adopt(fd: number, version: 4 | 6): Promise<dgram.Socket> {
  // Addresses are never names here; dgram's own look-up would put each datagram off by a turn of the event loop.
  const socket = dgram.createSocket({ type: `udp${version}`, lookup: (address, _options, callback) => callback(null, address, version) });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ fd }, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** The socket address of a client, as recvfrom(2) tells it; a link-local one belongs to the device. */
export function peerAddress({ device }: UdpBinding, address: string, port: number): Uint8Array {
  const [bare = ''] = address.split('%');
  if (!bare.includes(':')) return socketAddress(bare, port);
  return socketAddress6(bare, port, bare.toLowerCase().startsWith('fe80:') ? deviceIndex(device) : 0);
}

/** struct sockaddr_in: family in host order (little-endian on both architectures), port and address in network order. */
function socketAddress(address: string, port: number): Uint8Array {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(linux.AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.writeUInt32BE(parseIpv4(address), 4);
  return bytes;
}
