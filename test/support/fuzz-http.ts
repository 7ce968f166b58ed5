import { connect } from 'node:net';
import { MAC, NONCE, serve, testWorld } from './boot-http.ts';
import type { FuzzTarget } from './fuzz-targets.ts';

const hash = Array.from({ length: 20 }, () => '%bb').join('');
const announce = `/announce?info_hash=${hash}&peer_id=-LU0001-123456789012&port=6881&uploaded=0&downloaded=0&left=1000&compact=1&event=started&nonce=${NONCE}`;

const seeds = {
  http: [
    `GET /luna?step=boot&mac=${MAC} HTTP/1.1\r\nHost: luna\r\nUser-Agent: iPXE/1.0.0+git\r\nConnection: keep-alive\r\n\r\n`,
    `GET /luna?step=install&node=node001&nonce=${NONCE} HTTP/1.1\r\nHost: luna\r\n\r\n`,
    'GET /boot/debian12-vmlinuz HTTP/1.1\r\nHost: luna\r\nRange: bytes=2-5\r\nIf-None-Match: "x"\r\n\r\n',
    'HEAD /boot/debian12-initramfs HTTP/1.1\r\nHost: luna\r\nIf-Range: "x"\r\nRange: bytes=0-1,3-4\r\n\r\n',
    `POST /node/report HTTP/1.1\r\nHost: luna\r\nAuthorization: Bearer ${NONCE}\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n{"stage":"partition","state":"x"}`,
    'GET /boot/ipxe/snponly.efi HTTP/1.1\r\nHost: luna\r\n\r\n',
  ],
  tracker: [`GET ${announce} HTTP/1.1\r\nHost: luna\r\n\r\n`, `GET /scrape?info_hash=${hash}&nonce=${NONCE} HTTP/1.1\r\nHost: luna\r\n\r\n`],
};

/** The boot HTTP service or the tracker behind it, by real connections: each packet is all that one connection says before it is cut. */
export async function httpTarget(name: keyof typeof seeds): Promise<FuzzTarget & { stop(): Promise<void> }> {
  const world = await testWorld();
  const silent = { ...world.deps, seen: () => undefined, sighting: () => undefined, progress: () => undefined, limits: { perSecond: 1e9, burst: 1e9 } };
  const server = await serve({ ...world, deps: silent });
  const said = seeds[name].map((text) => Uint8Array.from(Buffer.from(text)));
  return {
    name,
    seeds: said,
    take: (packet) => exchanged(server.address.port, packet, 'cut').then(() => undefined),
    answers: async () => /^HTTP\/1\.1 [2-4]/.test(await exchanged(server.address.port, said[0] ?? new Uint8Array(), 'wait')),
    stop: () => server.stop(),
  };
}

/** Says it all, cuts the connection or waits for the answer, and returns what was answered, at most for ten seconds. Refused connections are an error, cut ones are not. */
function exchanged(port: number, packet: Uint8Array, then: 'cut' | 'wait'): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(10_000, () => { socket.destroy(new Error('no end of the answer within 10 s')); });
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error); });
    socket.on('close', () => { resolve(answer); });
    socket.write(packet);
    if (then === 'cut') socket.end();
  });
}
