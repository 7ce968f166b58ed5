import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startInNamespace } from '../../infra/lab/namespace.ts';
import { commandLine } from '../../infra/lab/processes.ts';

/** What went over a wire between peers until now: bytes of TCP payload, by `FROM TO`. */
export interface PeerTraffic { stop(): Promise<Map<string, number>> }

/** Captures what peers (port 6881) say to each other on a device of a lab's namespace, the beginnings of the packets only. */
export async function peerTraffic(namespace: string, dir: string, device: string): Promise<PeerTraffic> {
  const [file, log] = [join(dir, 'peers.pcap'), join(dir, 'peers.log')];
  rmSync(file, { force: true });
  const pid = await startInNamespace(namespace, ['tcpdump', '-i', device, '--immediate-mode', '-s', '80', '-B', '16384', '-U', '-w', file, 'tcp port 6881'], log);
  for (const until = Date.now() + 30_000; !readFileSync(log, 'latin1').includes('listening on'); await sleep(50)) {
    if (Date.now() > until) throw new Error(`tcpdump does not listen on ${device}`);
  }
  return {
    async stop() {
      process.kill(pid, 'SIGINT');
      for (const until = Date.now() + 30_000; commandLine(pid).length > 0; await sleep(50)) {
        if (Date.now() > until) throw new Error(`tcpdump on ${device} does not end`);
      }
      return payloadsIn(readFileSync(file));
    },
  };
}

/** Reads a capture (libpcap's file format, Ethernet, IPv4). */
function payloadsIn(file: Buffer): Map<string, number> {
  const sent = new Map<string, number>();
  for (let at = 24; at + 16 <= file.length; at += 16 + file.readUInt32LE(at + 8)) {
    const ip = file.subarray(at + 16 + 14);
    if (ip.length < 40) break;
    const header = (ip.readUInt8(0) & 15) * 4;
    const payload = ip.readUInt16BE(2) - header - (ip.readUInt8(header + 12) >> 4) * 4;
    const pair = `${[...ip.subarray(12, 16)].join('.')} ${[...ip.subarray(16, 20)].join('.')}`;
    sent.set(pair, (sent.get(pair) ?? 0) + payload);
  }
  return sent;
}
