import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtPeer } from './agent-sandbox.ts';
import type { SignedImage } from './signed-image.ts';

/** Serves a file as an image with luna's own peer, whether or not it is what was signed. Resolves with what ends it. */
export async function seedingPeer(image: SignedImage, file: string, listen: string, announce: string): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'seed-'));
  const texts = { torrent: image.torrent({ announce, urlList: [] }), manifest: image.manifest.text, signature: image.manifest.signature, key: image.publicKey };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(dir, name), text);
  const args = Object.keys(texts).flatMap((name) => [`-${name}`, join(dir, name)]);
  // It checks what it has when it starts: what it is to send wrong is put there afterwards.
  const [kept, status] = [join(dir, 'kept'), join(dir, 'status')];
  await copyFile(image.path, kept);
  const start = async () => spawn(await builtPeer(), ['-resume', '-file', kept, '-status', status, '-listen', listen, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  let child = await start();
  // The address is a network card's that may have been made a moment ago: until the kernel has it, it can't be listened on.
  for (const until = Date.now() + PATIENCE_MS; !/^percent=100$/m.test(await readFile(status, 'utf8').catch(() => '')); await sleep(50)) {
    if (Date.now() > until) throw new Error(`no peer listens on ${listen}`);
    if (child.exitCode !== null) child = await start();
  }
  await copyFile(file, kept);
  return async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(dir, { recursive: true });
  };
}

const PATIENCE_MS = 60_000;
