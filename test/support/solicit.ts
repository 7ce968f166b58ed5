/**
 * Asks for a router advertisement on a device, as a booting host does: `node solicit.ts eth0 5000`. Prints the first one
 * that comes within so many milliseconds as `{"advertisement","from"}` in hex, or null.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { deviceIndex, linux, openSocket, receiveFrom, sendTo, setOption } from '../../infra/boot/libc.ts';
import { capture } from './captures.ts';

const [device = 'eth0', waitMs = '5000'] = process.argv.slice(2);
const deadline = Date.now() + Number(waitMs);
const fd = openSocket(linux.AF_INET6, linux.SOCK_RAW, linux.IPPROTO_ICMPV6);
setOption(fd, linux.SOL_SOCKET, linux.SO_BINDTODEVICE, Buffer.from(`${device}\0`), device);
setOption(fd, linux.IPPROTO_IPV6, linux.IPV6_MULTICAST_HOPS, 255, device);

const allRouters = Buffer.alloc(28);
allRouters.writeUInt16LE(linux.AF_INET6, 0);
Buffer.from('ff020000000000000000000000000002', 'hex').copy(allRouters, 8);
allRouters.writeUInt32LE(deviceIndex(device), 24);

function trySolicit(): void {
  try {
    sendTo(fd, capture('ipxe-solicitation').subarray(0, 8), allRouters, device);
  } catch {
    // The link-local address is tentative for a second after the link came up; the next try finds it ready.
  }
}

let heard: { advertisement: string; from: string } | null = null;
for (let round = 0; heard === null && Date.now() < deadline; round += 1) {
  if (round % 10 === 0) trySolicit();
  await sleep(30);
  const packet = receiveFrom(fd);
  if (packet?.data[0] !== 134) continue;
  heard = { advertisement: Buffer.from(packet.data).toString('hex'), from: Buffer.from(packet.from.subarray(8, 24)).toString('hex') };
}
console.log(JSON.stringify(heard));
process.exit(0);
