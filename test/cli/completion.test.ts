import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '../../infra/root.ts';
import { startStubApi } from '../support/stub-api.ts';
import { type ShellName, TypedShell } from '../support/typed-shell.ts';

const NAMES: Record<string, string[]> = { nodes: ['login01', 'node001', 'node002'], groups: ['compute', 'login'], networks: ['cluster'] };

/** What is typed before the tab key, and the words on the line after it. */
const cases: [typed: string, words: string[]][] = [
  ['luna node sh', ['luna', 'node', 'show']],
  ['luna node show log', ['luna', 'node', 'show', 'login01']],
  ['luna node show no', ['luna', 'node', 'show', 'node00']],
  ['luna node show node001,log', ['luna', 'node', 'show', 'node001,login01']],
  ['luna node change -n log', ['luna', 'node', 'change', '-n', 'login01']],
  ["luna node change '@compute!log", ['luna', 'node', 'change', '@compute!login01']],
  ['luna node change node001 --group=com', ['luna', 'node', 'change', 'node001', '--group=compute']],
  ['luna node list --output j', ['luna', 'node', 'list', '--output', 'json']],
  ['luna group change compute --parts', ['luna', 'group', 'change', 'compute', '--partscript']],
  ['luna history node/log', ['luna', 'history', 'node/login01']],
  ['lpower @comp', ['lpower', '@compute']],
  ['lpower node001 cyc', ['lpower', 'node001', 'cycle']],
  ['luna apply -f my-s', ['luna', 'apply', '-f', 'my-site.yaml']],
];

describe('completion at the tab key', () => {
  let api: Awaited<ReturnType<typeof startStubApi>>;
  let folder: string;

  before(async () => {
    api = await startStubApi((call) => {
      const [, kind = '', prefix = ''] = /^GET \/names\/(\w+)\?.*prefix=(.*)$/.exec(call) ?? [];
      return { json: (NAMES[kind] ?? []).filter((name) => name.startsWith(decodeURIComponent(prefix))) };
    });
    folder = mkdtempSync(join(tmpdir(), 'luna-shell-'));
    writeFileSync(join(folder, 'my-site.yaml'), '');
  });
  after(async () => {
    await api.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const name of ['bash', 'zsh', 'fish'] satisfies ShellName[]) {
    describe(name, () => {
      let shell: TypedShell;
      before(async () => {
        const path = [join(projectRoot, 'cli', 'bin'), process.env.PATH].join(':');
        shell = await TypedShell.start(name, folder, { ...process.env, PATH: path, LUNA_DATA: api.dataDir, NO_COLOR: '1' });
      });
      after(() => shell.stop());

      for (const [typed, words] of cases) {
        it(`${typed}<tab>`, async () => { assert.deepEqual(await shell.complete(typed), words); });
      }
    });
  }
});
