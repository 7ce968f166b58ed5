import assert from 'node:assert/strict';
import { appendFile, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { armedBoot, artefact, MAC, MANIFEST, NONCE, SIGNATURE } from '../support/boot-http.ts';
import { ask, type Answer } from '../support/http-client.ts';
import { servedWorld } from '../support/served-world.ts';
import { packedTree } from '../support/torrent.ts';

const served = servedWorld();
const get = (path: string): Promise<Answer> => ask(served.url + path, { from: '127.0.0.5' });
const inFolder = (name: string): string => join(served.world.deps.bootDir, name);
beforeEach(() => {
  served.world.boot = armedBoot();
  served.world.evidence.length = 0;
  served.world.site.artefacts.set('art1', artefact());
});

/** Runs something while one bit of a file is another, and its times are what they were. */
async function whileFlipped(name: string, at: number, work: () => Promise<void>): Promise<void> {
  const [path, good] = [inFolder(name), await readFile(inFolder(name))];
  const damaged = Buffer.from(good);
  damaged.writeUInt8((damaged[at] ?? 0) ^ 1, at);
  await writeFile(path, damaged);
  await utimes(path, 1, 1);
  try {
    await work();
  } finally {
    await writeFile(path, good);
  }
}

describe('the manifest of a packed version', () => {
  test('and its signature are given to an armed boot', async () => {
    assert.equal((await get(`/manifest/art1?nonce=${NONCE}`)).text, MANIFEST);
    assert.equal((await get(`/manifest/art1.sig?nonce=${NONCE}`)).text, SIGNATURE);
  });

  test('is told to nobody else', async () => {
    for (const path of ['/manifest/art1', '/manifest/art1.sig', `/manifest/art1?nonce=${'f'.repeat(32)}`]) assert.equal((await get(path)).status, 403, path);
  });

  test('is missed by name', async () => {
    assert.equal((await get(`/manifest/art2?nonce=${NONCE}`)).status, 404);
    assert.equal((await get(`/manifest/art1.pem?nonce=${NONCE}`)).status, 404);
    served.world.site.artefacts.set('art1', artefact({ manifest: undefined }));
    assert.match((await get(`/manifest/art1?nonce=${NONCE}`)).text, /osimage debian12 was packed before images were signed/);
  });
});

describe('what is not what was packed', () => {
  for (const [what, path, name] of [
    ['kernel', '/boot/debian12-vmlinuz', 'debian12-vmlinuz'], ['initramfs', '/boot/debian12-initramfs', 'debian12-initramfs'],
    ['manifest', `/manifest/art1?nonce=${NONCE}`, 'art1.manifest'], ['signature', `/manifest/art1.sig?nonce=${NONCE}`, 'art1.manifest.sig'],
  ] as const) {
    test(`is not served: one bit of the ${what}`, async () => {
      assert.equal((await get(path)).status, 200);
      await whileFlipped(name, 5, async () => {
        const answer = await get(path);

        assert.equal(answer.status, 503);
        assert.match(answer.text, new RegExp(`the ${what} of osimage debian12, ${name}, is not what was packed: its SHA-256 is [0-9a-f]{64}, [0-9a-f]{64} was signed`));
      });
      assert.equal((await get(path)).status, 200);
    });
  }

  test('is not served: one bit of the torrent, wherever it is', async () => {
    const { artefact: packed } = await packedTree(served.world.deps.torrentsDir, 200_000);
    served.world.site.artefacts.set('art1', packed);
    const path = `/torrents/${packed.tree.sha256}.torrent?nonce=${NONCE}`;
    assert.equal((await get(path)).status, 200);
    const stored = await readFile(inFolder(packed.torrent));

    for (const at of [stored.indexOf('6:pieces') + 20, stored.indexOf('4:name') + 10, stored.indexOf('4:info')]) {
      await whileFlipped(packed.torrent, at, async () => {
        const answer = await get(path);
        assert.deepEqual([answer.status, /the torrent of osimage debian12, .*, is not what was packed/.test(answer.text)], [503, true]);
      });
    }
  });

  test('fails the run of a machine that would boot it, by name', async () => {
    await whileFlipped('debian12-initramfs', 3, async () => {
      const script = (await get(`/luna?step=boot&mac=${MAC}`)).text;

      assert.doesNotMatch(script, /luna\.nonce/);
      assert.match(script, /the initramfs of osimage debian12, debian12-initramfs, is not what was packed/);
      const [failure] = served.world.evidence;
      assert.deepEqual([failure?.stage, failure?.status], ['pxe.kernel', 'failed']);
      assert.match(failure?.message ?? '', /the initramfs of osimage debian12, .* was signed; next: luna osimage pack debian12/);
    });
    assert.match((await get(`/luna?step=boot&mac=${MAC}`)).text, /luna\.nonce/);
  });

  test('is noticed when bytes are added as well', async () => {
    await whileFlipped('debian12-vmlinuz', 0, async () => {
      await appendFile(inFolder('debian12-vmlinuz'), 'x');
      assert.equal((await get('/boot/debian12-vmlinuz')).status, 503);
    });
  });
});
