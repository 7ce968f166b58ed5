import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startInNamespace } from '../../infra/lab/namespace.ts';
import { commandLine } from '../../infra/lab/processes.ts';

/** What one machine sent, as a capture of its wire shows it. */
export interface Sent {
  /** The addresses it spoke from, in their order; 0.0.0.0 left out. */
  addresses: string[];
  /** What it did, in its order: `DISCOVER`, `REQUEST`, `TFTP snponly.efi`, `GET /luna`, each once in a row. */
  acts: string[];
}

/** A capture that goes on until it is stopped. */
export interface Capture {
  /** Ends it when a machine has done this, or has not in half a minute, and tells what each MAC sent. */
  stopAfter(mac: string, act: string): Promise<Map<string, Sent>>;
}

/** The first bytes of what is sent by TCP are `GET ` or `POST`. Whether the segment is pushed says nothing: the head of a long request is not. */
const REQUEST = ['GET ', 'POST'].map((word) => `tcp[((tcp[12] & 0xf0) >> 2):4] = 0x${Buffer.from(word).toString('hex')}`).join(' or ');
/** What the lab's machines (52:54:00:30:00:NN) say, without the acknowledgements of what they fetch: a busy tcpdump drops packets. */
const SAID = `ip and ether[6:4] = 0x52540030 and ether[10] = 0 and (udp or tcp[tcpflags] & tcp-syn != 0 or ${REQUEST})`;
const ETHERTYPE_IPV4 = 0x0800;
const UDP = 17;
const TCP = 6;

/** Captures IPv4 on a device of a lab's namespace with tcpdump. */
export async function captureWire(namespace: string, dir: string, device: string): Promise<Capture> {
  const file = join(dir, `${device}.pcap`);
  rmSync(file, { force: true });
  // At once: what still waits in a block of the kernel's when tcpdump ends is lost.
  const pid = await startInNamespace(namespace, ['tcpdump', '-i', device, '--immediate-mode', '-s', '600', '-B', '16384', '-U', '-w', file, SAID], join(dir, `${device}.log`));
  const listens = (): boolean => readFileSync(join(dir, `${device}.log`), 'latin1').includes('listening on');
  if (!await within(30_000, listens)) throw new Error(`tcpdump does not listen on ${device}`);
  return {
    async stopAfter(mac, act) {
      // What a machine's console tells may be there before tcpdump, which shares its processors, has written what it sent.
      await within(30_000, () => sentIn(readFileSync(file)).get(mac)?.acts.includes(act) === true);
      process.kill(pid, 'SIGINT');
      if (!await within(30_000, () => commandLine(pid).length === 0)) throw new Error(`tcpdump on ${device} does not end`);
      return sentIn(readFileSync(file));
    },
  };
}

async function within(ms: number, isSo: () => boolean): Promise<boolean> {
  const until = Date.now() + ms;
  while (!isSo()) {
    if (Date.now() > until) return false;
    await sleep(50);
  }
  return true;
}

/** Reads a capture (libpcap's file format, Ethernet) and tells what each MAC sent. */
function sentIn(file: Buffer): Map<string, Sent> {
  const all = new Map<string, Sent>();
  for (let at = 24; at + 16 <= file.length;) {
    const length = file.readUInt32LE(at + 8);
    if (at + 16 + length > file.length) break; // being written
    note(all, file.subarray(at + 16, at + 16 + length));
    at += 16 + length;
  }
  return all;
}

function note(all: Map<string, Sent>, frame: Buffer): void {
  if (frame.length < 42 || frame.readUInt16BE(12) !== ETHERTYPE_IPV4) return;
  const mac = [...frame.subarray(6, 12)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  const sent = all.get(mac) ?? { addresses: [], acts: [] };
  all.set(mac, sent);
  const address = [...frame.subarray(26, 30)].join('.');
  if (address !== '0.0.0.0' && !sent.addresses.includes(address)) sent.addresses.push(address);
  const act = actOf(frame.readUInt8(23), frame.subarray(14 + (frame.readUInt8(14) & 15) * 4));
  if (act !== null && sent.acts.at(-1) !== act) sent.acts.push(act);
}

function actOf(protocol: number, segment: Buffer): string | null {
  const port = segment.readUInt16BE(2);
  if (protocol === UDP && port === 67) return dhcpAct(segment.subarray(8));
  if (protocol === UDP && port === 69 && segment.readUInt16BE(8) === 1) return `TFTP ${segment.subarray(10, segment.indexOf(0, 10)).toString('latin1')}`;
  if (protocol !== TCP) return null;
  const request = /^(GET|POST) ([^? ]+)/.exec(segment.subarray((segment.readUInt8(12) >> 4) * 4).toString('latin1'));
  return request === null ? null : `${request[1]} ${(request[2] ?? '').replace(/[0-9a-f]{64}-/, '')}`;
}

/** The message type stands first among the options of every client here. */
function dhcpAct(message: Buffer): string | null {
  const type = message.indexOf(Buffer.from([53, 1]), 240);
  return ({ 1: 'DISCOVER', 3: 'REQUEST' } as Record<number, string>)[message[type + 2] ?? 0] ?? null;
}
