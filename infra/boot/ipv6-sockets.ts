import { ipv6Bytes, parseIpv6 } from '../../domain/ipv6.ts';
import { linux } from './libc.ts';

/** struct sockaddr_in6; `scope` is the number of a device, 0 = any. */
export function socketAddress6(address: string, port: number, scope: number): Uint8Array {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(linux.AF_INET6, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(ipv6Bytes(parseIpv6(address)), 8);
  bytes.writeUInt32LE(scope, 24);
  return bytes;
}

/** The address in a struct sockaddr_in6, as its sixteen bytes. */
export function addressIn(socketAddress: Uint8Array): Uint8Array {
  return socketAddress.slice(8, 24);
}

/** struct ipv6_mreq: to hear a multicast group on the device of that number. */
export function groupRequest(group: string, device: number): Uint8Array {
  const bytes = Buffer.alloc(20);
  bytes.set(ipv6Bytes(parseIpv6(group)), 0);
  bytes.writeInt32LE(device, 16);
  return bytes;
}
