import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fromListFile, fromSourcesFile, hostSources, transportOptions } from '../../../../infra/image/apt-sources.ts';

const isWanted = (suite: string) => suite.startsWith('bookworm');

describe("reading the host's apt sources", () => {
  it('takes binary packages of the release from a list', () => {
    const text = `deb http://mirror/debian bookworm main contrib\n# deb http://mirror/debian bookworm main\ndeb-src http://mirror/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://mirror/security bookworm-security main\ndeb http://other trixie main\n`;

    assert.deepEqual(fromListFile(text, isWanted), ['deb http://mirror/debian bookworm main contrib', 'deb [arch=amd64 signed-by=/k.gpg] http://mirror/security bookworm-security main']);
  });

  it('turns deb822 stanzas into lines', () => {
    const text = `Types: deb deb-src
# a comment
URIs: http://mirror/debian
Suites: bookworm bookworm-updates trixie
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/k.gpg

Types: deb
Enabled: no
URIs: http://off
Suites: bookworm
Components: main
`;

    assert.deepEqual(fromSourcesFile(text, isWanted), [
      'deb [signed-by=/usr/share/keyrings/k.gpg] http://mirror/debian bookworm main non-free-firmware',
      'deb [signed-by=/usr/share/keyrings/k.gpg] http://mirror/debian bookworm-updates main non-free-firmware',
    ]);
  });

  it('gives nothing when the release itself has no source', async () => {
    const etc = await mkdtemp(join(tmpdir(), 'apt-'));
    await mkdir(join(etc, 'sources.list.d'));
    await writeFile(join(etc, 'sources.list.d/a.list'), 'deb http://mirror bookworm-updates main\n');

    assert.deepEqual(await hostSources('bookworm', etc), []);
    await writeFile(join(etc, 'sources.list'), 'deb http://mirror bookworm main\n');
    assert.equal((await hostSources('bookworm', etc)).length, 2);
    await rm(etc, { recursive: true });
  });

  it('hands on proxies and tolerance of dates, and nothing else', () => {
    const dump = 'APT "";\nAcquire "";\nAcquire::http "";\nAcquire::http::Proxy "http://proxy:3128";\nAcquire::Check-Valid-Until "false";\nAcquire::Languages "none";\nDPkg::Post-Invoke:: "rm";\n';

    assert.deepEqual(transportOptions(dump), ['Acquire::http::Proxy "http://proxy:3128";', 'Acquire::Check-Valid-Until "false";']);
  });
});
