import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { buildPeer } from '../../../../infra/image/peer-build.ts';

describe('building the nodes\' peer', () => {
  let dir: string;
  let cacheDir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'peer-'));
    cacheDir = join(dir, 'cache');
  });
  afterEach(() => rm(dir, { recursive: true }));

  /** A Go that notes how it was called and makes a file that names its version. */
  async function fakeGo(folder: string, version: string): Promise<string> {
    const bin = join(dir, folder);
    await mkdir(bin, { recursive: true });
    const script = `#!/bin/sh\n[ "$1" = version ] && { echo "go version go${version} linux/amd64"; exit; }\necho "$CGO_ENABLED $*" >> "${dir}/calls"\nwhile [ "$1" != -o ]; do shift; done\necho ${version} > "$2"\n`;
    await writeFile(join(bin, 'go'), script, { mode: 0o755 });
    return bin;
  }
  const calls = () => readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n');

  it('makes one static program of the same sources and the same Go', async () => {
    const searchPath = await fakeGo('bin', '1.26.8');

    const path = await buildPeer({ cacheDir, searchPath });
    assert.equal(await buildPeer({ cacheDir, searchPath }), path);
    assert.equal(await readFile(path, 'utf8'), '1.26.8\n');
    assert.match(calls().join('\n'), /^0 -C \S+\/infra\/initramfs\/peer build -trimpath -buildvcs=false -ldflags -s -w -o \S+ \.$/);
  });

  it('makes another by another Go', async () => {
    const first = await buildPeer({ cacheDir, searchPath: await fakeGo('a', '1.22.1') });

    assert.notEqual(await buildPeer({ cacheDir, searchPath: await fakeGo('b', '1.23.0') }), first);
  });

  it('passes over a Go that is too old for the one that set-up installed', async () => {
    const searchPath = await fakeGo('old', '1.19.8');
    await fakeGo('cache/go/go/bin', '1.26.6');

    assert.equal(await readFile(await buildPeer({ cacheDir, searchPath }), 'utf8'), '1.26.6\n');
  });

  it('is content without Go with what an earlier one made', async () => {
    const path = await buildPeer({ cacheDir, searchPath: await fakeGo('bin', '1.26.8') });

    assert.equal(await buildPeer({ cacheDir, searchPath: join(dir, 'nothing') }), path);
  });

  it('says what to do when there is neither', async () => {
    await assert.rejects(buildPeer({ cacheDir, searchPath: '' }), (error: Error & { next?: string }) => /no Go 1\.21 or newer/.test(error.message) && /scripts\/setup\.sh$/.test(error.next ?? ''));
    assert.ok(!existsSync(join(cacheDir, 'peer')));
  });

  it('leaves nothing of a build that failed', async () => {
    const searchPath = await fakeGo('bin', '1.26.8');
    await writeFile(join(searchPath, 'go'), '#!/bin/sh\n[ "$1" = version ] && { echo go1.26.8; exit; }\necho "peer.go:1: broken" >&2\nexit 1\n', { mode: 0o755 });

    await assert.rejects(buildPeer({ cacheDir, searchPath }), /exited 1: peer\.go:1: broken/);
    await assert.rejects(buildPeer({ cacheDir, searchPath: '' }), /no Go 1\.21/);
  });
});
