import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim } from '../../domain/claims.ts';
import { exportSite } from '../../domain/site-export.ts';
import { claimsOf } from '../../domain/site-claims.ts';
import { planSite } from '../../domain/site-plan.ts';
import { readSite, siteYaml } from '../../infra/api/site-yaml.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { loadSite } from '../../infra/store/site.ts';
import { type ApiProcess, startApiProcess } from '../support/api-process.ts';
import { Cli } from '../support/cli.ts';
import type { CliAnswer } from '../support/cli-host.ts';
import { startDocuments } from '../support/documents.ts';
import { silentLog } from '../support/silent-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The real database and the real API, each killed with SIGKILL while a large change is under way.

const BASE = (tree: string): string => `luna: 2
cluster: {frontend_address: 10.30.0.1}
networks: {cluster: {network: 10.30.0.0/16}}
osimages: {compute: {path: ${tree}}}
`;
/** Two sites with 500 nodes; from one to the other 250 go, 250 come and 250 change. */
const OLD = 'groups: {one: {osimage: compute, interfaces: {BOOTIF: {network: cluster}}}, two: {osimage: compute}}\nnodes: {"node[001-500]": {group: one}}\n';
const NEW = `groups: {one: {osimage: compute, comment: new, interfaces: {BOOTIF: {network: cluster}}}, two: {osimage: compute}}
nodes: {"node[251-500]": {group: one, service: true}, "other[001-250]": {group: one}}
`;
/** How long what was left half done may take until it is finished. */
const FINISHED_MS = 30_000;

describe('a large change during which something is killed', () => {
  let documents: Awaited<ReturnType<typeof startDocuments>>;
  let api: ApiProcess;
  let store: Store;
  let cli: Cli;
  /** The text of the two sites, and the files they are in. */
  const texts = { old: '', new: '' };
  const file = (which: 'old' | 'new'): string => join(documents.dataDir, `${which}.yaml`);

  before(async () => {
    documents = await startDocuments();
    api = await startApiProcess(documents.dataDir, documents.uri);
    store = await openStore(documents.uri, { log: silentLog });
    cli = new Cli(documents.dataDir);
    const tree = temporaryFolder('tree');
    writeFileSync(file('old'), BASE(tree) + OLD);
    await done('apply', '-f', file('old'));
    texts.old = await done('export');
    const planned = planSite(await loadSite(store), (await readSite(BASE(tree) + NEW)).file, { prune: true, newId: randomUUID });
    texts.new = await siteYaml(exportSite(planned.after));
    for (const which of ['old', 'new'] as const) writeFileSync(file(which), texts[which]);
  });
  after(async () => {
    await cli?.stop();
    await api?.stop();
    await store?.close();
    await documents?.stop();
  });

  /** Runs a command that must work; what it printed. */
  async function done(...argv: string[]): Promise<string> {
    const { stdout, stderr, code } = await cli.run(...argv);
    assert.equal(code, 0, `luna ${argv.join(' ')}\n${stderr}${stdout}`);
    return stdout;
  }

  const batches = (): Promise<number> => store.db.collection('batches').countDocuments();
  const plan = () => store.db.collection<{ _id: string; batches: number }>('plans').findOne({ _id: 'open' });
  const isJournalled = async (): Promise<boolean> => await batches() > 0;
  const isDecided = async (): Promise<boolean> => await plan() !== null;
  const isHalfDone = async (): Promise<boolean> => {
    const found = await plan();
    return found !== null && await batches() < found.batches;
  };

  const killApi = async (): Promise<void> => {
    await api.kill();
    await api.start();
  };
  const killDatabase = (): Promise<void> => documents.crash();

  /** Kills something in a certain moment of a command. */
  async function interrupted(t: TestContext, argv: string[], reached: () => Promise<boolean>, kill: () => Promise<void>): Promise<CliAnswer> {
    let over = false;
    const running = cli.run(...argv).finally(() => { over = true; });
    while (!over && !await reached()) await sleep(1);
    if (over) t.diagnostic('it was over before the moment came');
    await kill();
    return running;
  }

  /** What the API shows once nothing is left to be finished; it is what is stored, down to the last claim. */
  async function settled(): Promise<string> {
    const deadline = Date.now() + FINISHED_MS;
    while (await plan() !== null && Date.now() < deadline) await sleep(50);
    const shown = await done('export');
    const stored = await loadSite(store);
    assert.equal(shown, await siteYaml(exportSite(stored)));
    const held = await store.db.collection<Claim>('claims').find({}).toArray();
    assert.deepEqual(held.map(({ _id, owner }) => `${_id} ${owner}`).sort(), [...claimsOf(stored)].map(({ id, owner }) => `${id} ${owner}`).sort());
    return shown;
  }

  const rounds: [what: string, kill: () => Promise<void>, when: string, reached: () => Promise<boolean>, may: readonly ('old' | 'new')[]][] = [
    ['API', killApi, 'is written down', isJournalled, ['old', 'new']],
    ['API', killApi, 'is decided', isDecided, ['new']],
    ['database', killDatabase, 'is written down', isJournalled, ['old', 'new']],
    ['database', killDatabase, 'is half done', isHalfDone, ['new']],
  ];
  for (const [i, [what, kill, when, reached, may]] of rounds.entries()) {
    const [from, to] = i % 2 === 0 ? ['old', 'new'] as const : ['new', 'old'] as const;
    it(`is done or not done when the ${what} is killed while it ${when}`, async (t) => {
      const { code } = await interrupted(t, ['apply', '-f', file(to), '--prune'], reached, kill);

      const found = await settled();
      t.diagnostic(`the command ended with ${code}; the site is ${found === texts[to] ? 'the new one' : 'the old one'}`);
      assert.ok(may.some((one) => found === (one === 'old' ? texts[from] : texts[to])), 'the site is neither the old nor the new one');
      await done('apply', '-f', file(to), '--prune');
      assert.equal(await done('export'), texts[to]);
    });
  }

  for (const [what, kill, value] of [['API', killApi, 'y'], ['database', killDatabase, 'n']] as const) {
    it(`changes all of 500 nodes or none when the ${what} is killed`, async (t) => {
      const change = ['node', 'change', 'node[001-500]', '--service', value];
      const before = await settled();
      const moment = Date.now() + 400;
      const { code } = await interrupted(t, change, () => Promise.resolve(Date.now() > moment), kill);

      const found = await settled();
      t.diagnostic(`the command ended with ${code}; ${found === before ? 'nothing was' : 'all were'} changed`);
      await done(...change);
      const after = await settled();
      assert.ok(found === before || found === after);
      assert.notEqual(after, before);
    });
  }
});
