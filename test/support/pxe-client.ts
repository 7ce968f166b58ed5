/**
 * A PXE ROM in a network namespace, on its `eth0`: `node pxe-client.ts '{"mac":"52:…","capture":"ovmf-discover"}'`.
 * It does what PXE 2.1 §2.2 says of a client between a DHCP server and a ProxyDHCP server: listens for offers of both,
 * takes the address of the one, and asks the other for its boot file at port 4011. Prints a PxeBoot as JSON.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatIpv4 } from '../../domain/ip.ts';
import { encode } from '../../infra/boot/dhcp/encode.ts';
import { broadcastFlag, type DhcpPacket } from '../../infra/boot/dhcp/format.ts';
import { message, option, readAddress, readByte, readText } from '../../infra/boot/dhcp/options.ts';
import { decode } from '../../infra/boot/dhcp/packet.ts';
import { openUdp } from '../../infra/boot/udp.ts';
import { said, type Said } from './dhcp-site.ts';

/** Who it is: the DISCOVER captured of a client, with options left out that it shall not say. */
export interface PxeClient { mac: string; capture: string; without?: number[] }

/** A reply as the client reads it. `from`: the address and port it came from; `server`: its option 54. */
export interface Heard { from: string; type: number | null; server: string; address: string; nextServer: string; file: string; vendorClass: string | null; hasLease: boolean }

/** How it went. */
export interface PxeBoot { offers: Heard[]; ack: Heard; bootServer: Heard }

const client = JSON.parse(process.argv[2] ?? '{}') as PxeClient;
const socket = await openUdp({ device: 'eth0', address: '0.0.0.0', port: 68 });
const heard: Heard[] = [];
socket.on('message', (data, from) => heard.push(read(decode(data), `${from.address}:${from.port}`)));

function read({ options, ...packet }: DhcpPacket, from: string): Heard {
  return {
    from,
    type: readByte(options, option.messageType),
    server: formatIpv4(readAddress(options, option.serverId) ?? 0),
    address: formatIpv4(packet.yiaddr),
    nextServer: formatIpv4(packet.siaddr),
    file: packet.file || (readText(options, option.bootFile) ?? ''),
    vendorClass: readText(options, option.vendorClass),
    hasLease: options.has(option.leaseTime),
  };
}

type Wanted = (one: Heard) => boolean;

/** Says it, again every two seconds as ROMs do, until one of each that is wanted was heard; all that was heard by then. */
async function ask(type: number, what: Said, to: { address: string; port: number }, ...wanted: Wanted[]): Promise<Heard[]> {
  const packet = said(type, client.mac, { xid: 0x5eed, ...what }, client.capture);
  for (const code of client.without ?? []) packet.options.delete(code);
  const data = encode({ ...packet, flags: what.ciaddr === undefined ? broadcastFlag : 0 });
  const since = heard.length;
  for (let tries = 0; tries < 300; tries += 1) {
    if (tries % 20 === 0) socket.send(data, to.port, to.address);
    await sleep(100);
    const replies = heard.slice(since);
    if (wanted.every((isIt) => replies.some(isIt))) return replies;
  }
  throw new Error(`heard only ${JSON.stringify(heard.slice(since))}`);
}

function only(replies: readonly Heard[], isIt: Wanted): Heard {
  const found = replies.find(isIt);
  if (found === undefined) throw new Error('not heard');
  return found;
}

const everyone = { address: '255.255.255.255', port: 67 };
const hasAddress: Wanted = ({ type, address }) => type === message.offer && address !== '0.0.0.0';
const isProxy: Wanted = ({ type, address, vendorClass }) => type === message.offer && address === '0.0.0.0' && /^(PXE|HTTP)Client$/.test(vendorClass ?? '');
const isAck: Wanted = ({ type }) => type === message.ack;
const isBootServer: Wanted = ({ from }) => from.endsWith(':4011');

const offers = await ask(message.discover, {}, everyone, hasAddress, isProxy);
const { address, server } = only(offers, hasAddress);
const ack = only(await ask(message.request, { requested: address, serverId: server }, everyone, isAck), isAck);
execFileSync('ip', ['addr', 'add', `${address}/24`, 'dev', 'eth0']);
const replies = await ask(message.request, { ciaddr: address }, { address: only(offers, isProxy).server, port: 4011 }, isBootServer);
execFileSync('ip', ['addr', 'flush', 'dev', 'eth0']);
socket.close();
console.log(JSON.stringify({ offers, ack, bootServer: only(replies, isBootServer) } satisfies PxeBoot));
