/**
 * Machines that boot behind a relay, 500 more every second, the declared nodes among them again and again, to be run inside
 * a network namespace by protocol tests: `node boot-storm.ts`. Each repeats itself like a ROM until it has its address; no
 * more begin while very many wait. Says every ACK and NAK on stdout as a {@link Heard}. Once stdin ends no more begin; when
 * all have an address, each extends its lease, and the program ends when all were answered.
 */
import dgram from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatIpv4 } from '../../domain/ip.ts';
import { formatMac } from '../../domain/mac.ts';
import { message, option, readAddress, readByte } from '../../infra/boot/dhcp/options.ts';
import { encode } from '../../infra/boot/dhcp/encode.ts';
import { decode } from '../../infra/boot/dhcp/packet.ts';
import { SITE } from './crash-site.ts';
import { said } from './dhcp-site.ts';

/** An answer that a machine got; `extends`: to a REQUEST for the address that it had already. */
export interface Heard { readonly kind: 'ack' | 'nak'; readonly mac: string; readonly ip: string; readonly seconds: number; readonly extends: boolean }

interface Machine { mac: string; ip: string | null; offered: string | null; phase: 'discover' | 'request' | 'bound' | 'extend'; tries: number; due: number; xid: number }

/** As many machines begin in each tick of so many milliseconds. */
const [BEGIN, TICK_MS] = [5, 10];
/** When a machine without an answer repeats itself; after the third time it begins anew. */
const REPEAT_MS = 2000;
/** So many without an answer are as many as a machine that is busy with others can bear. */
const MOST = 500;
/** Each so many machines one is a declared node. */
const EVERY = 10;

const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
const machines = new Map<string, Machine>();
const busy = new Set<Machine>();
let [begun, enough] = [0, false];

function begin(): void {
  begun += 1;
  const mac = begun % EVERY === 0 ? SITE.nodes[(begun / EVERY) % SITE.nodes.length]?.mac : undefined;
  const machine: Machine = { mac: mac ?? formatMac(Uint8Array.of(0x52, 0x54, 1, begun >>> 16, (begun >>> 8) & 255, begun & 255)), ip: null, offered: null, phase: 'discover', tries: 0, due: 0, xid: begun };
  const running = machines.get(machine.mac);
  if (running !== undefined && running.phase !== 'bound') return;
  machines.set(machine.mac, machine);
  speak(machine, 'discover');
}

/** Says what the machine has to say in this phase, for the first time or again. */
function speak(machine: Machine, phase: Exclude<Machine['phase'], 'bound'>): void {
  if (machine.phase !== phase) machine.tries = 0;
  machine.phase = phase;
  machine.tries += 1;
  machine.due = performance.now() + REPEAT_MS;
  busy.add(machine);
  const from = { giaddr: SITE.relay, xid: machine.xid };
  const what = {
    discover: () => said(message.discover, machine.mac, from),
    request: () => said(message.request, machine.mac, { ...from, requested: machine.offered ?? '', serverId: SITE.controller }),
    extend: () => said(message.request, machine.mac, { ...from, ciaddr: machine.ip ?? '' }),
  };
  socket.send(encode(what[phase]()), 67, SITE.controller);
}

function heard(data: Uint8Array): void {
  const answer = decode(data);
  const kind = readByte(answer.options, option.messageType);
  const machine = machines.get(formatMac(answer.chaddr.subarray(0, 6)));
  if (machine === undefined) return;
  const ip = formatIpv4(answer.yiaddr);
  if (kind === message.ack || kind === message.nak) {
    const one: Heard = { kind: kind === message.ack ? 'ack' : 'nak', mac: machine.mac, ip, seconds: readAddress(answer.options, option.leaseTime) ?? 0, extends: machine.phase === 'extend' };
    process.stdout.write(`${JSON.stringify(one)}\n`);
  }
  if (kind === message.offer && machine.phase === 'discover') {
    machine.offered = ip;
    speak(machine, 'request');
  } else if (kind === message.ack && machine.phase !== 'bound') {
    machine.ip = ip;
    machine.phase = 'bound';
    busy.delete(machine);
  } else if (kind === message.nak && machine.phase === 'request') speak(machine, 'discover');
  else if (kind === message.nak && machine.phase === 'extend') busy.delete(machine);
}

/** Repeats what got no answer. */
function repeat(): void {
  const now = performance.now();
  for (const machine of busy) {
    if (machine.due > now || machine.phase === 'bound') continue;
    speak(machine, machine.phase === 'request' && machine.tries >= 3 ? 'discover' : machine.phase);
  }
}

socket.on('message', heard);
socket.bind(67, '0.0.0.0');
await once(socket, 'listening');
process.stdin.on('end', () => { enough = true; }).resume();
while (!enough) {
  for (let more = 0; more < BEGIN && busy.size < MOST; more += 1) begin();
  repeat();
  await sleep(TICK_MS);
}
await fewerThan(1);
for (const machine of machines.values()) {
  speak(machine, 'extend');
  // The answers to all at once would not fit into a socket.
  if (busy.size >= MOST / 10) await fewerThan(MOST / 10);
}
await fewerThan(1);
socket.close();

/** Waits until fewer than this wait for an answer. */
async function fewerThan(count: number): Promise<void> {
  while (busy.size >= count) {
    repeat();
    await sleep(TICK_MS);
  }
}
