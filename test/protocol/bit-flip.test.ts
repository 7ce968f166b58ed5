import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { AgentCall, ServedTree } from '../support/agent-server.ts';
import { noSandbox, unpackInitramfs, type UnpackedInitramfs } from '../support/agent-sandbox.ts';
import { seedingPeer } from '../support/seeding-peer.ts';
import { signedImage, type SignedImage } from '../support/signed-image.ts';
import { toldMachine } from '../support/told-machine.ts';

const DEADLINE_MS = 180_000;
const PARTSCRIPT = 'mkdir -p /host/root\nmount --bind /host/root /sysroot';
const reportOf = (stage: string) => (call: AgentCall) => call.path === '/node/report' && call.form['stage'] === stage;

/** The same bytes, but one bit. */
function flipped(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes);
  other.writeUInt8((other[at] ?? 0) ^ 1, at);
  return other;
}

describe('one flipped bit, as the node sees it (what the controller sees: manifest.test.ts)', { skip: noSandbox(), timeout: 600_000 }, () => {
  let dir: string;
  let image: SignedImage;
  let initramfs: UnpackedInitramfs;
  const table: string[] = [];

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'flip-'));
    image = await signedImage(dir);
    initramfs = await unpackInitramfs(image.publicKey);
  });
  after(async () => {
    await initramfs.remove();
    await rm(dir, { recursive: true });
    for (const row of table) process.stderr.write(`${row}\n`);
  });

  /** What the node reports of an image that differs from the one that was signed, and what it has unpacked of it. */
  async function refusal(t: TestContext, what: string, changes: Partial<ServedTree>): Promise<string> {
    const { server } = await toldMachine(t, initramfs, { stages: ['partition', 'download'], tree: { ...image, ...changes }, partscript: PARTSCRIPT });
    const { form } = await server.until(reportOf('download'), DEADLINE_MS);
    const message = form['message'] ?? '';
    table.push(`| ${what} | node001 | download | ${form['status'] ?? ''} | ${message} |`);
    assert.equal(form['status'], 'failed', message);
    return message;
  }

  const signed = () => ({ ...image.manifest });
  const torrentFlipped = (text: string, offset: number): Partial<ServedTree> => ({
    torrent: (where) => {
      const bytes = image.torrent(where);
      return flipped(bytes, bytes.indexOf(text) + offset);
    },
  });

  it('of the manifest is refused by name', async (t) => {
    const message = await refusal(t, 'manifest', { manifest: { ...signed(), text: flipped(image.manifest.text, 200) } });
    assert.match(message, /^refused: art1\.manifest or art1\.manifest\.sig: its signature is not the controller's$/);
  });

  it('of the signature is refused by name', async (t) => {
    const message = await refusal(t, 'signature', { manifest: { ...signed(), signature: flipped(image.manifest.signature, 40) } });
    assert.match(message, /^refused: art1\.manifest or art1\.manifest\.sig: its signature/);
  });

  it('of what the torrent says of the file is refused by name', async (t) => {
    const message = await refusal(t, 'torrent: SHA-1 of a piece', torrentFlipped('6:pieces', 20));
    assert.match(message, /^refused: [0-9a-f]{64}\.torrent: its info hash is [0-9a-f]{40}, the manifest says [0-9a-f]{40}$/);
  });

  it('of the form of the torrent is refused by name', async (t) => {
    const message = await refusal(t, 'torrent: its form', torrentFlipped('4:info', 2));
    assert.match(message, /^refused: [0-9a-f]{64}\.torrent: /);
  });

  it('of a piece is refused by name, and nothing of it is unpacked', async (t) => {
    const path = join(dir, 'flipped.tar.zst');
    await writeFile(path, flipped(readFileSync(image.path), 5 * 32_768 + 77));

    const message = await refusal(t, 'piece, from the controller', { path });

    assert.match(message, /^refused: [0-9a-f]{64}\.tar\.zst: piece 5 from http:.*\.tar\.zst is not what was signed$/);
    assert.ok(!message.includes('nonce'));
  });

  it('of a piece that another node sends is not unpacked: the controller is asked instead', async (t) => {
    const path = join(dir, 'poisoned.tar.zst');
    await writeFile(path, flipped(readFileSync(image.path), 4 * 32_768 + 1));
    const told = await toldMachine(t, initramfs, { stages: [], tree: image, partscript: PARTSCRIPT, peers: ['16881'] });
    t.after(await seedingPeer(image, path, ':16881', `${told.url}/announce?nonce=0123456789abcdef0123456789abcdef`));
    told.server.stages.push('partition', 'download', 'unpack');

    const { form } = await told.server.until(reportOf('unpack'), DEADLINE_MS);

    assert.equal(form['status'], 'ok', told.machine.console());
    assert.deepEqual(readFileSync(join(told.machine.shared, 'root/usr/lib/noise')), readFileSync(join(dir, 'tree/usr/lib/noise')));
    const download = told.server.calls.find(reportOf('download'))?.form['message'] ?? '';
    table.push(`| piece, from another node | node001 | download | ok | ${download} |`);
    assert.match(download, /^from the swarm, 0 MB, 0 MB of them from the controller by HTTP/);
    assert.ok(told.server.calls.some((call) => call.path === '/announce' && call.form['bad'] !== undefined), 'the tracker is told who');
  });
});
