import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// A stranger who has the torrent: it connects to everyone in the swarm, speaks the peer wire protocol (BEP 3) as far as it is
// let, and writes how many bytes each sent it. argv: file to write, info hash, addresses.
const [file = '', infoHash = '', ...addresses] = process.argv.slice(2);

/** How long each has to send something. */
const PATIENCE_MS = 4000;

const handshake = Buffer.concat([Buffer.from('\x13BitTorrent protocol', 'latin1'), Buffer.alloc(8), Buffer.from(infoHash, 'hex'), Buffer.from('-XX0000-stranger0000')]);
const interested = Buffer.from([0, 0, 0, 1, 2]);
/** The first 16 KiB of piece 0. */
const request = Buffer.from([0, 0, 0, 13, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0]);

writeFileSync(file, JSON.stringify(Object.fromEntries(await Promise.all(addresses.map(async (address) => [address, await sentBy(address)] as const)))));

/** Bytes that an address sent; -1 when nobody listens there. */
async function sentBy(address: string): Promise<number> {
  let bytes = 0;
  let met = false;
  const socket = connect(6881, address);
  socket.on('error', () => { socket.destroy(); });
  socket.on('connect', () => {
    met = true;
    socket.write(Buffer.concat([handshake, interested, request]));
  });
  socket.on('data', (chunk: Buffer) => { bytes += chunk.length; });
  await Promise.race([new Promise((resolve) => { socket.once('close', resolve); }), sleep(PATIENCE_MS)]);
  socket.destroy();
  return met ? bytes : -1;
}
