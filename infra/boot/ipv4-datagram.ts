import { formatIpv4 } from '../../domain/ip.ts';

/** UDP ports of DHCP (RFC 2131 §4.1). */
export const clientPort = 68;
const serverPort = 67;
/** Bytes of the headers of IPv4 without options (RFC 791 §3.1) and UDP (RFC 768). */
const [ipLength, udpLength] = [20, 8];
const udp = 17;

/** What came in one IPv4 packet, and from which address. */
export interface Datagram {
  readonly from: string;
  readonly payload: Uint8Array;
}

/** Reads an IPv4 packet; null for anything but a whole UDP datagram to the port of DHCP clients. Never throws. */
export function readDatagram(packet: Uint8Array): Datagram | null {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.length);
  if (bytes.length < ipLength + udpLength || bytes.readUInt8(0) >> 4 !== 4) return null;
  const header = (bytes.readUInt8(0) & 0x0f) * 4;
  // Neither a part of a datagram (more fragments, or an offset) nor anything but UDP.
  if (header < ipLength || bytes.length < header + udpLength || (bytes.readUInt16BE(6) & 0x3fff) !== 0 || bytes.readUInt8(9) !== udp) return null;
  const length = bytes.readUInt16BE(header + 4);
  if (bytes.readUInt16BE(header + 2) !== clientPort || length < udpLength || header + length > bytes.length) return null;
  return { from: formatIpv4(bytes.readUInt32BE(12)), payload: new Uint8Array(bytes.subarray(header + udpLength, header + length)) };
}

/** The packet that a client without an address broadcasts: from 0.0.0.0:68 to 255.255.255.255:67. */
export function writeDatagram(payload: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(ipLength + udpLength + payload.length);
  bytes.writeUInt8(0x45, 0);
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt8(64, 8);
  bytes.writeUInt8(udp, 9);
  bytes.writeUInt32BE(0xffffffff, 16);
  bytes.writeUInt16BE(checksum(bytes.subarray(0, ipLength)), 10);
  bytes.writeUInt16BE(clientPort, ipLength);
  bytes.writeUInt16BE(serverPort, ipLength + 2);
  bytes.writeUInt16BE(udpLength + payload.length, ipLength + 4);
  bytes.set(payload, ipLength + udpLength);
  bytes.writeUInt16BE(udpChecksum(bytes) || 0xffff, ipLength + 6);
  return bytes;
}

/** Over a header of addresses, protocol and length before the datagram itself (RFC 768). */
function udpChecksum(packet: Buffer): number {
  const datagram = packet.subarray(ipLength);
  const pseudo = Buffer.alloc(12);
  packet.copy(pseudo, 0, 12, 20);
  pseudo.writeUInt8(udp, 9);
  pseudo.writeUInt16BE(datagram.length, 10);
  return checksum(Buffer.concat([pseudo, datagram]));
}

/** RFC 1071 */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt8(at) * 256 + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
