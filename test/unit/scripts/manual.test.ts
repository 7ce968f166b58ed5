import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '../../../infra/root.ts';
import type { Described } from '../../../scripts/manual/described.ts';
import { loadCommands } from '../../../scripts/manual/load.ts';
import { manPages } from '../../../scripts/manual/man.ts';
import { commandsMarkdown } from '../../../scripts/manual/markdown.ts';
import { makeCliRoot } from '../../support/cli-root.ts';

describe('the manual made from the commands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'luna-man-'));
  let commands: Described[];
  before(async () => {
    process.env.NODE_ENV = 'production';
    const root = makeCliRoot();
    commands = await loadCommands(root);
    rmSync(root, { recursive: true });
  });
  after(() => { rmSync(folder, { recursive: true }); });

  it('is in docs/commands.md as the commands are', () => {
    const written = readFileSync(join(projectRoot, 'docs', 'commands.md'), 'utf8');

    assert.ok(written === commandsMarkdown(commands), 'the commands have changed. Next: node scripts/commands-doc.ts');
  });

  it('has an example of every command', () => {
    assert.deepEqual(commands.filter(({ examples }) => examples.length === 0).map(({ words }) => words), []);
  });

  it('says of every command and every flag what it is for', () => {
    const silent = commands.flatMap(({ words, summary, flags }) => [...(summary === '' ? [words] : []), ...flags.filter(({ about }) => about === '').map(({ written }) => `${words} ${written}`)]);

    assert.deepEqual(silent, []);
  });

  it('makes manual pages that mandoc and man have nothing against', () => {
    const pages = manPages(commands, { version: '2.0.0', date: '2026-01-01' });
    for (const [name, text] of pages) writeFileSync(join(folder, name), text);
    const files = [...pages.keys()].map((name) => join(folder, name));

    const linted = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', ...files], { encoding: 'utf8' });
    assert.equal(linted.error, undefined);
    assert.equal(linted.stdout + linted.stderr, '');
    for (const page of ['luna.1', 'luna-node.1', 'lpower.1', 'lchroot.1', 'lweb.1', 'ltorrent.1']) assert.ok(pages.has(page), page);

    const shown = spawnSync('mandoc', ['-T', 'ascii', join(folder, 'luna-node.1')], { encoding: 'utf8' }).stdout.replaceAll(/.[\b]/g, '');
    assert.match(shown, /luna node change '@compute!node001' --service y/);
    assert.match(shown, /-n, --name HOSTLIST/);
  });
});
