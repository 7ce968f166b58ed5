import { execFileSync } from 'node:child_process';

/** Machines as network namespaces on one bridge; both directions of every link are held to one rate. */
export interface ShapedNetwork {
  /** Namespace of the server and of machine 1…n. */
  server: string;
  machine(number: number): string;
  serverAddress: string;
  address(number: number): string;
  /** Bytes that have left a machine, or the server for 0. */
  sent(number: number): number;
  /** Holds what a machine sends, or what it sends and receives, to another rate, in Mbit/s. */
  throttle(number: number, mbit: number, both?: boolean): void;
  /** Moves machines to a switch of their own, or all back to the one: a network that is cut in two. */
  part(numbers: readonly number[], apart: boolean): void;
  /** Takes a machine's cable out, or puts it back. */
  plug(number: number, plugged: boolean): void;
  remove(): void;
}

const BURST = '16kb';
/** Queues of the machines and of the switch, as real ones of that rate would have them. */
const HOST_QUEUE = '1mb';
const SWITCH_QUEUE = '256kb';

/** Builds it. Neighbours are entered by hand: the kernel's ARP table is one for all namespaces and overflows at 1024 entries. */
export function shapedNetwork(prefix: string, machines: number, mbit: number): ShapedNetwork {
  const hub = `${prefix}-hub`;
  const name = (number: number): string => `${prefix}-${number}`;
  const address = (number: number): string => (number === 0 ? '10.99.0.1' : `10.99.${1 + Math.floor(number / 250)}.${1 + (number % 250)}`);
  const mac = (number: number): string => `02:00:00:00:${Math.floor(number / 256).toString(16).padStart(2, '0')}:${(number % 256).toString(16).padStart(2, '0')}`;
  const all = Array.from({ length: machines + 1 }, (_, i) => i);
  const rate = (one: number): string => `rate ${Math.round(one * 1000)}kbit burst ${BURST} limit`;

  batch(null, ['link add br0 type bridge stp_state 0 forward_delay 0', 'link set br0 up', 'link add br1 type bridge stp_state 0 forward_delay 0', 'link set br1 up'], hub);
  for (const number of all) {
    execFileSync('ip', ['netns', 'add', name(number)]);
    plainSegments(name(number));
    batch(hub, [
      `link add p${number} type veth peer name e0 address ${mac(number)} netns ${name(number)}`,
      `link set p${number} master br0 up`,
    ]);
    batch(name(number), [
      `addr add ${address(number)}/16 dev e0`, 'link set lo up', 'link set e0 gso_max_size 12000', 'link set e0 up',
      // BBR, which a host may prefer, starves those of its connections that were asked for little at first.
      `route replace 10.99.0.0/16 dev e0 scope link src ${address(number)} congctl cubic`,
      ...all.filter((other) => other !== number).map((other) => `neigh replace ${address(other)} lladdr ${mac(other)} dev e0 nud permanent`),
    ]);
    execFileSync('tc', ['-n', name(number), 'qdisc', 'add', 'dev', 'e0', 'root', 'tbf', ...`${rate(mbit)} ${HOST_QUEUE}`.split(' ')]);
    execFileSync('tc', ['-n', hub, 'qdisc', 'add', 'dev', `p${number}`, 'root', 'tbf', ...`${rate(mbit)} ${SWITCH_QUEUE}`.split(' ')]);
  }
  return {
    server: name(0), machine: name, serverAddress: address(0), address,
    sent(number) {
      const [link] = JSON.parse(execFileSync('ip', ['-n', hub, '-s', '-j', 'link', 'show', `p${number}`], { encoding: 'utf8' })) as [{ stats64: { rx: { bytes: number } } }];
      return link.stats64.rx.bytes;
    },
    throttle(number, slower, both = false) {
      execFileSync('tc', ['-n', name(number), 'qdisc', 'change', 'dev', 'e0', 'root', 'tbf', ...`${rate(slower)} ${HOST_QUEUE}`.split(' ')]);
      if (both) execFileSync('tc', ['-n', hub, 'qdisc', 'change', 'dev', `p${number}`, 'root', 'tbf', ...`${rate(slower)} ${SWITCH_QUEUE}`.split(' ')]);
    },
    part: (numbers, apart) => { batch(hub, numbers.map((number) => `link set p${number} master ${apart ? 'br1' : 'br0'}`)); },
    plug: (number, plugged) => { batch(hub, [`link set p${number} ${plugged ? 'up' : 'down'}`]); },
    remove() {
      for (const one of [...all.map(name), hub]) execFileSync('ip', ['netns', 'del', one]);
    },
  };
}

/**
 * The kernel makes larger segments for connections whose round trip was short when they began, and the queues here are those of
 * so slow links that this decides who gets how much: one that began on a busy link got a fifth of its share for as long as it
 * lived. On links of a gigabit a queue is empty again before that matters.
 */
function plainSegments(namespace: string): void {
  execFileSync('ip', ['netns', 'exec', namespace, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/tcp_tso_rtt_log']);
}

function batch(namespace: string | null, lines: readonly string[], made?: string): void {
  if (made !== undefined) execFileSync('ip', ['netns', 'add', made]);
  execFileSync('ip', ['-n', namespace ?? made ?? '', '-batch', '-'], { input: lines.join('\n') });
}
