import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artefact } from '../../domain/osimage.ts';
import { infoOf } from '../../infra/boot/torrent/metainfo.ts';
import { artefact } from './boot-http.ts';

const PIECE = 65_536;

/** A private single-file .torrent (BEP 3, BEP 27) of these bytes, with a creation date and a tracker nobody runs. */
export function makeTorrent(name: string, data: Uint8Array): Buffer {
  const hashes: Buffer[] = [];
  for (let at = 0; at < data.length; at += PIECE) hashes.push(createHash('sha1').update(data.subarray(at, at + PIECE)).digest());
  const pieces = Buffer.concat(hashes);
  const info = [`d6:lengthi${data.length}e4:name${name.length}:${name}12:piece lengthi${PIECE}e6:pieces${pieces.length}:`, pieces, '7:privatei1ee'];
  return Buffer.concat(['d8:announce11:http://old/13:announce-listll11:http://old/ee13:creation datei1700000000e4:info', ...info, 'e'].map((part) => Buffer.from(part)));
}

/** The info hash of a .torrent, in hex. */
export const infoHashOf = (torrent: Uint8Array): string => createHash('sha1').update(infoOf(torrent)).digest('hex');

/** Puts a packed tree of random bytes and its .torrent into a folder. */
export async function packedTree(folder: string, size: number): Promise<{ data: Buffer; artefact: Artefact }> {
  const data = randomBytes(size);
  const sha256 = createHash('sha256').update(data).digest('hex');
  const file = `${sha256}.tar.zst`;
  const torrent = makeTorrent(file, data);
  await writeFile(join(folder, file), data);
  await writeFile(join(folder, `${sha256}.torrent`), torrent);
  const tree = { file, sha256, size, infoHash: infoHashOf(torrent), unpackedSize: size };
  return { data, artefact: artefact({ tree, torrent: `${sha256}.torrent` }) };
}

/** Runs a program to its end, or to its deadline; resolves with its exit code (null: killed) and what it printed. */
export function run(program: string, args: readonly string[], deadlineMs = 30_000): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: deadlineMs, killSignal: 'SIGKILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    child.on('error', reject);
    child.on('close', (code) => { resolve({ code, output }); });
  });
}

/** Loads a .torrent file with aria2, a client that isn't ours, from the loopback address a machine is given; gives up after `patience` seconds without a byte. */
export function aria2(torrent: string, folder: string, from: string, patience = 15): Promise<{ code: number | null; output: string }> {
  return run('aria2c', [
    `--dir=${folder}`, `--interface=${from}`, '--seed-time=0', '--enable-dht=false', '--enable-dht6=false', '--bt-enable-lpd=false', '--listen-port=17000-17099',
    `--bt-stop-timeout=${patience}`, '--max-tries=2', '--summary-interval=0', '--no-conf', '--bt-tracker-interval=1', torrent,
  ]);
}
