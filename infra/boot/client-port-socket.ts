import { attachFilter, bindSocket, closeSocket, deviceIndex, linux, openSocket, receiveFrom, sendTo } from './libc.ts';
import { clientPort, readDatagram, type Datagram, writeDatagram } from './ipv4-datagram.ts';
import { formatMac, type Mac } from '../../domain/mac.ts';

/** ETH_P_IP */
const ipv4 = 0x0800;

/** A datagram to the port of DHCP clients and the card it came from. */
export interface HeardDatagram extends Datagram {
  readonly mac: Mac;
}

/** Hears what servers tell DHCP clients on one device, and asks as a client without an address does. */
export interface ClientPortSocket {
  /** The next that was heard, or null. Throws SystemCallError when the device is gone or down. */
  receive(): HeardDatagram | null;
  /** Broadcasts from 0.0.0.0 to the port of DHCP servers. Throws SystemCallError. */
  broadcast(payload: Uint8Array): void;
  close(): void;
}

/**
 * A packet socket, as DHCP clients have one: no UDP port is taken from a client that runs on the device, and answers come from
 * servers of any subnet, which the kernel's check of reverse paths would drop. Throws SystemCallError (EPERM, ENODEV).
 */
export function openClientPort(device: string): ClientPortSocket {
  const what = `packet socket on ${device}`;
  const fd = openSocket(linux.AF_PACKET, linux.SOCK_DGRAM, 0);
  try {
    // Before it is bound, so that it never holds any other packet.
    attachFilter(fd, toClientPort, what);
    bindSocket(fd, linkAddress(device), what);
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
  return {
    receive() {
      for (;;) {
        const got = receiveFrom(fd);
        if (got === null) return null;
        const datagram = readDatagram(got.data);
        if (datagram !== null) return { ...datagram, mac: formatMac(got.from.subarray(12, 18)) };
      }
    },
    broadcast: (payload) => { sendTo(fd, writeDatagram(payload), linkAddress(device), what); },
    close: () => { closeSocket(fd); },
  };
}

/** struct sockaddr_ll (packet(7)): the device, and as the destination everybody on it. */
function linkAddress(device: string): Uint8Array {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16LE(linux.AF_PACKET, 0);
  bytes.writeUInt16BE(ipv4, 2);
  bytes.writeInt32LE(deviceIndex(device), 4);
  bytes[11] = 6;
  bytes.fill(0xff, 12, 18);
  return bytes;
}

/** Whole UDP datagrams of IPv4 to the port of DHCP clients, as classic BPF: code, jump if true, jump if not, operand. */
const toClientPort = program([
  [0x30, 0, 0, 9], // the protocol
  [0x15, 0, 6, 17],
  [0x28, 0, 0, 6], // a fragment behind the first has no ports
  [0x45, 4, 0, 0x1fff],
  [0xb1, 0, 0, 0], // the length of the IP header
  [0x48, 0, 0, 2], // the destination port
  [0x15, 0, 1, clientPort],
  [0x06, 0, 0, 0xffff],
  [0x06, 0, 0, 0],
]);

function program(steps: readonly (readonly [number, number, number, number])[]): Uint8Array {
  const bytes = Buffer.alloc(steps.length * 8);
  for (const [at, [code, yes, no, operand]] of steps.entries()) {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(yes, at * 8 + 2);
    bytes.writeUInt8(no, at * 8 + 3);
    bytes.writeUInt32LE(operand, at * 8 + 4);
  }
  return bytes;
}
