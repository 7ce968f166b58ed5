import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withTracker } from '../../infra/boot/torrent/metainfo.ts';
import { openImageKey, type ImageKey } from '../../infra/image/image-key.ts';
import { createPieceHasher, makeMetainfo, pieceLengthFor } from '../../infra/image/metainfo.ts';
import { initramfsParts, noSandbox, sandboxMachine, unpackInitramfs, type SandboxMachine, type UnpackedInitramfs } from '../support/agent-sandbox.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

describe('the rest of the initramfs', { skip: noSandbox(), timeout: 300_000 }, () => {
  let dir: string;
  let rest: Buffer;
  let key: ImageKey;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rest-'));
    rest = readFileSync((await initramfsParts(dir)).rest);
    key = openImageKey({ file: join(dir, 'image.key'), made: true });
  });
  after(() => rm(dir, { recursive: true }));

  /** What the controller signs, and what its web seed gives: the same bytes, others, or nothing for as long as it is silent. */
  interface Given { signed: Buffer; served: Buffer; silent?: () => boolean }

  /** A controller whose tracker knows nobody. */
  async function controller(machine: SandboxMachine, { signed, served, silent }: Given): Promise<{ server: Server; url: string }> {
    const pieceLength = pieceLengthFor(signed.length);
    const [sha1, sha256] = [createPieceHasher(pieceLength), createPieceHasher(pieceLength, 'sha256')];
    for (const hasher of [sha1, sha256]) hasher.update(signed);
    const metainfo = makeMetainfo({ name: 'rest', size: signed.length, pieceLength, pieces: sha1.pieces() });
    const part = { sha256: createHash('sha256').update(signed).digest('hex'), size: signed.length, pieceLength, pieces: sha256.pieces().toString('hex'), infoHash: metainfo.infoHash };
    const manifest = Buffer.from(`${JSON.stringify({ artefact: 'a1', tree: part, rest: part })}\n`);
    const server = createServer((req, res) => {
      const path = req.url?.split('?')[0] ?? '';
      const range = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '');
      if (path === '/announce') res.end('d8:intervali10e5:peers0:e');
      else if (path === '/boot/rest' && silent?.()) return;
      else if (path !== '/boot/rest' && req.headers['x-luna-nonce'] !== NONCE) res.writeHead(403).end();
      else if (path === '/manifest/a1') res.end(manifest);
      else if (path === '/manifest/a1.sig') res.end(key.sign(manifest));
      else if (path === '/torrents/s1-rest.torrent') res.end(withTracker(metainfo.bytes, { announce: `${url}/announce`, urlList: [`${url}/boot/rest`] }));
      else if (path === '/boot/rest' && range) res.writeHead(206).end(served.subarray(Number(range[1]), Number(range[2]) + 1));
      else res.writeHead(404).end();
    });
    await new Promise<void>((resolve) => { server.listen(0, '0.0.0.0', resolve); });
    const address = server.address();
    const url = `http://${machine.controller}:${typeof address === 'object' ? address?.port ?? 0 : 0}`;
    return { server, url };
  }

  async function fetchedBy(initramfs: UnpackedInitramfs, given: (machine: SandboxMachine) => Given, program = 'bash /usr/lib/luna/rest.sh'): Promise<{ code: number | null; console: string }> {
    const machine = await sandboxMachine(initramfs);
    const { server, url } = await controller(machine, given(machine));
    try {
      const code = await machine.run({ 'luna.url': url, 'luna.nonce': NONCE, 'luna.rest': 'a1/s1' }, program);
      return { code, console: machine.console() };
    } finally {
      await machine.stop();
      server.closeAllConnections();
      server.close();
    }
  }

  it('is fetched by what a machine boots with, verified, and unpacked over it', async (t) => {
    const initramfs = await unpackInitramfs(key.publicKey, 'first');
    t.after(() => initramfs.remove());
    assert.ok(!existsSync(join(initramfs.root, 'usr/bin/curl')), 'the first part has no curl');

    const { code, console } = await fetchedBy(initramfs, () => ({ signed: rest, served: rest }));

    assert.equal(code, 0, console);
    assert.ok(existsSync(join(initramfs.root, 'usr/bin/curl')), console);
  });

  it('is refused by name when its bytes are not what was signed', async (t) => {
    const initramfs = await unpackInitramfs(key.publicKey, 'first');
    t.after(() => initramfs.remove());
    const altered = Buffer.from(rest);
    altered[altered.length >> 1] = (altered[altered.length >> 1] ?? 0) ^ 1;

    const { code, console } = await fetchedBy(initramfs, () => ({ signed: rest, served: altered }));

    assert.equal(code, 1);
    const piece = Math.floor((rest.length >> 1) / pieceLengthFor(rest.length));
    assert.match(console, new RegExp(`luna: the rest of the initramfs did not come: peer: piece ${piece} from http://\\S+/boot/rest is not what was signed`));
  });

  it("ends with a reason when it can't be unpacked, although the peer would serve on", async (t) => {
    const initramfs = await unpackInitramfs(key.publicKey, 'first');
    t.after(() => initramfs.remove());
    const noArchive = randomBytes(500_000);

    const { code, console } = await fetchedBy(initramfs, () => ({ signed: noArchive, served: noArchive }));

    assert.equal(code, 1);
    assert.match(console, /luna: the rest of the initramfs can't be unpacked: zstd: /);
  });

  it('is given up when nothing moves, and asked for anew by who called', async (t) => {
    const initramfs = await unpackInitramfs(key.publicKey, 'first');
    t.after(() => initramfs.remove());
    const script = join(initramfs.root, 'usr/lib/luna/rest.sh');
    const text = readFileSync(script, 'utf8');
    assert.match(text, /^PATIENCE=\d+$/m);
    writeFileSync(script, text.replace(/^PATIENCE=\d+$/m, 'PATIENCE=8'));
    writeFileSync(join(initramfs.root, 'until-here'), 'until bash /usr/lib/luna/rest.sh; do echo again >> /dev/console; done\n');

    const { code, console } = await fetchedBy(initramfs, (machine) => ({ signed: rest, served: rest, silent: () => !machine.console().includes('again') }), 'bash /until-here');

    assert.equal(code, 0, console);
    assert.match(console, /^luna: the rest of the initramfs has not moved for 8 s \(percent=0 in=0 web=0 streamed=0\)\nagain\n(?!.*rest of the)/);
    assert.ok(existsSync(join(initramfs.root, 'usr/bin/curl')), console);
  });
});
