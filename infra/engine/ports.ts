import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * A port that a part will open. `variable` is the setting that moves it. `address` 0.0.0.0 means all. `besideLoopback`: it
 * is not opened on loopback, so who serves nobody but this machine (a resolver's stub on 127.0.0.53) is not in its way.
 */
export interface PortClaim { protocol: 'tcp' | 'udp'; address: string; port: number; variable: string; besideLoopback?: boolean }

/** A claimed port that somebody holds. `holder` is unknown when its process belongs to another user or pid namespace. */
export interface PortConflict { claim: PortClaim; holder: { pid: number; command: string } | undefined }

interface BoundSocket { protocol: 'tcp' | 'udp'; address: string; port: number; inode: string }

/** TCP sockets that listen, and UDP sockets that are bound and not connected. */
const listening = { tcp: '0A', udp: '07' } as const;

/** Finds who holds a claimed port already. Sees the network namespace of this process only, as binding does. */
export function portConflicts(claims: readonly PortClaim[]): PortConflict[] {
  const bound = (['tcp', 'udp'] as const).flatMap((protocol) => boundSockets(protocol));
  return claims.flatMap((claim) => {
    const socket = bound.find((other) => other.protocol === claim.protocol && other.port === claim.port && inTheWay(other.address, claim));
    return socket ? [{ claim, holder: holderOf(socket.inode) }] : [];
  });
}

/** One line for people: which port, who holds it, what to do. */
export function conflictText({ claim, holder }: PortConflict): string {
  const who = holder ? `process ${holder.pid} (${holder.command})` : 'a process that can\'t be seen from here';
  return `${claim.protocol.toUpperCase()} port ${claim.port} is held by ${who}; stop it, or set ${claim.variable}`;
}

function boundSockets(protocol: 'tcp' | 'udp'): BoundSocket[] {
  return [protocol, `${protocol}6`].flatMap((table) => parseTable(protocol, readTable(`/proc/self/net/${table}`)));
}

/** Reads the lines of `/proc/net/tcp` and its like: slot, local address:port in hex, remote, state, …, inode as the tenth field. */
export function parseTable(protocol: 'tcp' | 'udp', text: string): BoundSocket[] {
  return text.split('\n').slice(1).flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    const inode = fields[9];
    if (!local || !inode || state !== listening[protocol]) return [];
    const [address = '', port = ''] = local.split(':');
    return [{ protocol, address: readAddress(address), port: Number.parseInt(port, 16), inode }];
  });
}

/** Each 32-bit word is in the machine's byte order. Of IPv6 only "all addresses" matters here. */
function readAddress(hex: string): string {
  if (/^0+$/.test(hex)) return '0.0.0.0';
  if (hex.length !== 8) return hex;
  return (hex.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)).join('.');
}

/** Whether a socket on `bound` keeps a part from opening its own. */
export function inTheWay(bound: string, { address, besideLoopback = false }: PortClaim): boolean {
  if (besideLoopback && (bound.startsWith('127.') || bound === LOOPBACK6)) return false;
  return overlap(bound, address);
}

/** ::1 as /proc/net/tcp6 has it on a little-endian machine. */
const LOOPBACK6 = '00000000000000000000000001000000';

function overlap(one: string, other: string): boolean {
  return one === other || one === '0.0.0.0' || other === '0.0.0.0';
}

function holderOf(inode: string): PortConflict['holder'] {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (openFiles(pid).includes(`socket:[${inode}]`)) return { pid: Number(pid), command: commandOf(pid) };
  }
  return undefined;
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function commandOf(pid: string): string {
  return readTable(`/proc/${pid}/cmdline`).replaceAll(/[\0\s]+/g, ' ').trim().slice(0, 120) || readTable(`/proc/${pid}/comm`).trim();
}

/** A file of /proc; empty when it is gone, or absent in this kernel (no IPv6). */
function readTable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
