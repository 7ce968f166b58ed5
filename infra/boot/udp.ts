import dgram from 'node:dgram';
import { parseIpv4 } from '../../domain/ip.ts';
import { bindSocket, closeSocket, linux, openSocket, setOption, SystemCallError } from './libc.ts';

/** Where a datagram socket listens. */
export interface UdpBinding {
  /** The one network device whose packets it sees and by which its own leave. */
  readonly device: string;
  /** IPv4 address to listen on; 0.0.0.0 also hears broadcasts. */
  readonly address: string;
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
  const { device, address, port } = binding;
  const what = `UDP ${address}:${port} on ${device}`;
  const fd = openSocket(linux.AF_INET, linux.SOCK_DGRAM, 0);
  try {
    setOption(fd, linux.SOL_SOCKET, linux.SO_BINDTODEVICE, Buffer.from(`${device}\0`), what);
    setOption(fd, linux.SOL_SOCKET, linux.SO_BROADCAST, 1, what);
    if (port !== 0) enlarge(fd);
    bindSocket(fd, socketAddress(address, port), what);
    return await adopt(fd);
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
}

/** A boot storm's first packets come at once, and the usual buffer holds about 160 of them. Without CAP_NET_ADMIN it stays so. */
function enlarge(fd: number): void {
  try {
    setOption(fd, linux.SOL_SOCKET, linux.SO_RCVBUFFORCE, 4 * 1024 * 1024, 'receive buffer');
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
  }
}

function adopt(fd: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ fd }, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** struct sockaddr_in: family in host order (little-endian on both architectures), port and address in network order. */
function socketAddress(address: string, port: number): Uint8Array {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(linux.AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.writeUInt32BE(parseIpv4(address), 4);
  return bytes;
}
