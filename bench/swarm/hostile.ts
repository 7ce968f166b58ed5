import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

// A peer that means harm, for tests: it takes its place in the swarm like any machine and says it has everything. Asked for
// a block it sends noise (`poison`), sends what it was asked for but for one piece in sixteen (`subtle`), or nothing (`lie`).
// It speaks the peer wire protocol (BEP 3). argv: own address, server, folder with the image, info hash, piece length, harm.
const [address = '', server = '', folder = '', infoHash = '', pieceText = '', harm = ''] = process.argv.slice(2);
const image = readFileSync(join(folder, 'image'));
const pieceLength = Number(pieceText);
const pieces = Math.ceil(image.length / pieceLength);
const hash = Buffer.from(infoHash, 'hex');
const peerId = Buffer.concat([Buffer.from('-XX0000-'), randomBytes(12)]);
const handshake = Buffer.concat([Buffer.from('\x13BitTorrent protocol', 'latin1'), Buffer.alloc(8), hash, peerId]);
const met = new Set<string>();

createServer(talk).listen(6881, address);
for (let event = '&event=started'; ; event = '') {
  const known = await announce(event).catch(() => []);
  // It also pushes itself on those it is told of.
  for (const ip of known.filter((one) => !met.has(one) && one !== '0.0.0.0' && one !== server)) {
    met.add(ip);
    const socket = connect({ host: ip, port: 6881, localAddress: address });
    socket.on('connect', () => { talk(socket); });
    socket.on('error', () => { met.delete(ip); });
  }
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
}

async function announce(event: string): Promise<string[]> {
  const text = (bytes: Buffer): string => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const query = `info_hash=${text(hash)}&peer_id=${text(peerId)}&port=6881&uploaded=0&downloaded=0&left=${image.length}&compact=1&striped=1${event}`;
  const answer = Buffer.from(await (await fetch(`http://${server}:7050/announce?${query}`)).arrayBuffer());
  const peers = /5:peers(\d+):/.exec(answer.toString('latin1'));
  if (peers === null) return [];
  const compact = answer.subarray(peers.index + peers[0].length, peers.index + peers[0].length + Number(peers[1]));
  return Array.from({ length: compact.length / 6 }, (_, i) => [...compact.subarray(6 * i, 6 * i + 4)].join('.'));
}

/** Greets, says it has all, and answers requests in its way until the connection ends. */
function talk(socket: Socket): void {
  let heard = Buffer.alloc(0);
  let greeted = false;
  socket.on('error', () => { socket.destroy(); });
  socket.write(handshake);
  socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    if (!greeted && heard.length >= handshake.length) {
      greeted = true;
      heard = heard.subarray(handshake.length);
      const field = Buffer.alloc(Math.ceil(pieces / 8), 0xff);
      if (pieces % 8 !== 0) field[field.length - 1] = 0xff << (8 - (pieces % 8));
      socket.write(Buffer.concat([message(5, field), message(1), message(2)]));
    }
    while (greeted && heard.length >= 4 && heard.length >= 4 + heard.readUInt32BE(0)) {
      const length = heard.readUInt32BE(0);
      if (length === 13 && heard[4] === 6) asked(socket, heard.subarray(5, 17));
      heard = heard.subarray(4 + length);
    }
  });
}

function asked(socket: Socket, request: Buffer): void {
  if (harm === 'lie') return;
  const [piece, offset, length] = [request.readUInt32BE(0), request.readUInt32BE(4), request.readUInt32BE(8)];
  const at = piece * pieceLength + offset;
  const wrong = harm === 'poison' || piece % 16 === 5;
  socket.write(message(7, request.subarray(0, 8), wrong ? randomBytes(length) : image.subarray(at, at + length)));
}

function message(id: number, ...body: Buffer[]): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + body.reduce((sum, { length }) => sum + length, 0));
  head[4] = id;
  return Buffer.concat([head, ...body]);
}
