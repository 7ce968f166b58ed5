import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '../../infra/root.ts';
import { loadCommands } from '../../scripts/manual/load.ts';
import { makeCliRoot } from '../support/cli-root.ts';
import { checkWords, lunaWords, wordsOf } from '../support/example-lines.ts';
import { type ExampleSite, startExampleSite } from '../support/example-site.ts';

/** Topics whose commands speak to the API alone. What the others start, write or enter is tested elsewhere; here their words are checked. */
const ASKING = new Set(['apply', 'audit', 'bmcsetup', 'boot', 'cluster', 'completion', 'diff', 'export', 'group', 'help', 'history', 'import', 'network', 'node', 'osimage', 'otherdev', 'power', 'provision', 'switch', 'token', 'undo']);
const CHECKED = [/ cluster (make|sync)/, / boot trace .*--follow/, / osimage (chroot|grab|sync)/, / node show .*(-s|--script)/];

/** The state of the site that an example starts from, where it is not the full one. */
const STATES: readonly [RegExp, string][] = [
  [/ cluster init/, 'empty'],
  [/ cluster delete/, 'cluster'],
  [/ network add/, 'cluster'],
  [/ (switch|bmcsetup|osimage|otherdev) add/, 'networks'],
  [/ network delete/, 'networks'],
  [/ (switch|bmcsetup) delete| group add/, 'objects'],
  [/ (node|token) add/, 'groups'],
  [/ network release/, 'reserved'],
  [/ provision .*--retry/, 'failed'],
  [/ import (luna1|warewulf|xcat site)/, 'empty'],
];

/** What has to be done first, where no state is such. */
const FIRST: readonly [RegExp, string][] = [[/-i BOOTIF --setnet/, 'group change compute -i BOOTIF --delnet']];

const root = makeCliRoot();
process.env.NODE_ENV = 'production';
const commands = await loadCommands(root);
rmSync(root, { recursive: true });

const stateOf = (example: string): string => STATES.find(([pattern]) => pattern.test(example))?.[1] ?? 'full';

// Those of one state together: to put the site into another one means to write most of it.
const examples = commands.flatMap(({ words: command, topic, examples: some }) => some.map((example) => {
  const checked = !ASKING.has(topic) || CHECKED.some((pattern) => pattern.test(` ${command.slice(5)} `) || pattern.test(example));
  return { example, checked, state: stateOf(example) };
})).sort((a, b) => (a.state < b.state ? -1 : Number(a.state > b.state)));

describe('every example in the help and the manual', () => {
  let site: ExampleSite;
  let state = '';
  before(async () => {
    site = await startExampleSite();
    await site.restore('full');
    await shell('luna export > site.yaml');
  });
  after(() => site.stop());

  for (const { example, checked } of examples) {
    it(`${checked ? 'takes' : 'does'}: ${example}`, () => (checked ? check(example) : act(example)));
  }

  async function check(example: string): Promise<void> {
    // One command may stand within another; what a pipe leads to, and what calls it, is no command of ours.
    const lines = [example.replaceAll(/"?\$\([^)]*\)"?/g, 'answer'), ...[...example.matchAll(/\$\(([^)]*)\)/g)].map(([, inner = '']) => inner)];
    const ours = lines.flatMap((line) => /\b(?:luna|lpower|lchroot|lweb|ltorrent)( [^|<>]*|$)/.exec(line)?.[0] ?? []);
    assert.ok(ours.length > 0, 'there is no command of ours in it');
    for (const line of ours) {
      const words = wordsOf(line);
      assert.ok(words, 'only a shell can read it');
      await checkWords(lunaWords(words));
    }
  }

  async function act(example: string): Promise<void> {
    const from = stateOf(example);
    if (from !== state) await site.restore(from);
    state = from;
    for (const [pattern, first] of FIRST) if (pattern.test(example)) assert.equal((await inHost(first.split(' '))).code, 0, first);
    // Twelve nodes show what seventy-two would.
    const line = example.replaceAll('001-072', '001-012').replaceAll('/opt/luna', site.folder).replaceAll('/root/', `${site.folder}/`).replaceAll('3f9a02c41b', await someChange(example));
    const words = wordsOf(line);
    const { code, output } = words?.[0] === 'luna' && !/-file -( |$)/.test(line) ? await inHost(lunaWords(words)) : await shell(line);
    assert.ok(code === 0 || (code === 1 && line.startsWith('luna diff')), `exit code ${code}\n${output}`);
    if (changes(line)) state = '';
  }

  async function inHost(words: string[]): Promise<{ code: number; output: string }> {
    const { code, stdout, stderr } = await site.cli.run(...words);
    return { code, output: stdout + stderr };
  }

  function shell(line: string): Promise<{ code: number; output: string }> {
    const env = { ...process.env, PATH: [join(projectRoot, 'cli', 'bin'), process.env.PATH].join(':'), LUNA_DATA: site.dataDir, NO_COLOR: '1' };
    return new Promise((resolve) => {
      const child = execFile('sh', ['-c', line], { env, cwd: site.folder, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr });
      });
      child.stdin?.end('secret\n');
    });
  }

  /** The word of a change that can be taken back. */
  async function someChange(example: string): Promise<string> {
    if (!example.includes('3f9a02c41b')) return '';
    const { stdout } = await site.cli.run('history', '--limit', '1', '--json');
    return (JSON.parse(stdout) as { tx: string }[])[0]?.tx ?? '';
  }
});

/** Whether the site may be another one afterwards. */
function changes(line: string): boolean {
  return !/ (list|show|help|history|completion|status|export|diff|log|power)\b/.test(line);
}
