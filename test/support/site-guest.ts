import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inNamespace, runInNamespace } from '../../infra/lab/namespace.ts';
import type { LabPlan } from '../../infra/lab/plan.ts';
import { runProgram } from '../../infra/lab/run-program.ts';

/** A host on a lab's wire that is no virtual machine: a network namespace with one card. */
export interface SiteGuest {
  /** Runs a program there to its end. */
  run(argv: readonly string[], timeoutMs?: number): Promise<string>;
  /** GET of the boot service; throws with curl's words. */
  get(path: string): Promise<string>;
  /** Loads a .torrent by aria2 into a folder of its own until it is whole, or nothing has come for 30 s; the SHA-256 of the file, null unless it is whole. */
  aria2(torrent: string, name: string): Promise<string | null>;
  /** How many bytes a peer says to a BitTorrent handshake (BEP 3) within 5 s. */
  greeted(address: string, port: number, infoHash: string): Promise<number>;
  remove(): Promise<void>;
}

const GREET = `
const [host, port, hash] = process.argv.slice(1);
let heard = 0;
const socket = require('node:net').connect(Number(port), host, () => {
  socket.write(Buffer.concat([Buffer.from('\\x13BitTorrent protocol' + '\\0'.repeat(8)), Buffer.from(hash, 'hex'), Buffer.from('-XX0001-abcdefghijkl')]));
});
socket.on('data', (part) => { heard += part.length; }).on('error', () => {});
setTimeout(() => { console.log(heard); process.exit(); }, 5000);
`;

/** Puts a host with this MAC and address on the lab's bridge. */
export async function siteGuest(plan: LabPlan, name: string, mac: string, address: string): Promise<SiteGuest> {
  const namespace = `${plan.namespace}-${name}`;
  const dir = join(plan.dir, name);
  mkdirSync(dir, { recursive: true });
  const tap = `${name}0`;
  await runProgram(['ip', 'netns', 'add', namespace]);
  for (const line of [
    `ip link add ${tap} type veth peer name wire address ${mac}`,
    `ip link set ${tap} master ${plan.bridge} up`,
  ]) await runInNamespace(plan.namespace, line.split(' '));
  await runInNamespace(plan.namespace, ['ip', 'link', 'set', 'wire', 'netns', namespace]);
  for (const line of ['ip link set lo up', `ip address add ${address}/${plan.prefixLength} dev wire`, 'ip link set wire up']) await runInNamespace(namespace, line.split(' '));
  const run = (argv: readonly string[], timeoutMs = 60_000) => runProgram(inNamespace(namespace, argv), { timeoutMs });
  return {
    run,
    get: (path) => run(['curl', '-sS', '-f', '--max-time', '20', `http://${plan.controllerAddress}:7050${path}`]),
    async aria2(torrent, name) {
      const folder = join(dir, 'got');
      rmSync(folder, { recursive: true, force: true });
      const file = join(dir, 'torrent');
      writeFileSync(file, Buffer.from(torrent, 'base64'));
      const off = ['dht', 'dht6', 'peer-exchange'].map((one) => `--enable-${one}=false`);
      const ended = await run(['aria2c', '--no-conf', '--dir', folder, ...off, '--bt-enable-lpd=false', '--seed-time=0', '--bt-stop-timeout=30', '--quiet', `--torrent-file=${file}`], 20 * 60_000).catch(() => null);
      // Who gets nothing has a file too, of the right size and full of zeros.
      return ended === null ? null : sumOf(join(folder, name));
    },
    greeted: async (address, port, infoHash) => Number(await run([process.execPath, '-e', GREET, address, String(port), infoHash])),
    async remove() { await runProgram(['ip', 'netns', 'delete', namespace]); },
  };
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** Waits until something is there. */
export async function untilThere<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const until = Date.now() + 10 * 60_000; ; await sleep(1000)) {
    const found = await look().catch(() => null);
    if (found !== null) return found;
    if (Date.now() > until) throw new Error(`${what} was not there within 10 minutes`);
  }
}
