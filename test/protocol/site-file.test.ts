import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addNodes } from '../../infra/store/nodes.ts';
import { readDump } from '../../cli/mongo-dump.ts';
import { importLuna1 } from '../../domain/import/luna1.ts';
import { exportSite } from '../../domain/site-export.ts';
import { siteYaml } from '../../infra/api/site-yaml.ts';
import { addBmcsetup } from '../../infra/store/bmcsetups.ts';
import { changeNode } from '../../infra/store/change-node.ts';
import type { Store } from '../../infra/store/connect.ts';
import { historyOf } from '../../infra/store/history.ts';
import { secretsWithin } from '../../infra/store/secrets.ts';
import { undo } from '../../infra/store/undo.ts';
import type { SiteChange } from '../../domain/site-changes.ts';
import { startApi } from '../support/api.ts';
import { brief, callApiAt } from '../support/call-api.ts';
import { applied as imported } from '../support/imported.ts';
import { schema12, writeDump } from '../support/luna1-dump.ts';
import { seeded } from '../support/random.ts';
import { randomSite, sayingAllMacs } from '../support/random-site.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startDocuments } from '../support/documents.ts';
import { freshStore, siteStore } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

type Api = Awaited<ReturnType<typeof startApi>>;

async function apiOn(t: { after(work: () => Promise<void>): void }, store: Store): Promise<Api> {
  const running = await startApi(store);
  // As curl would send it.
  const call = callApiAt({ socketPath: running.socketPath }, { 'content-type': 'application/yaml' });
  const api = { ...running, call };
  t.after(async () => { await api.stop(); await store.close(); });
  return api;
}

const linesOf = (store: Store): Promise<number> => store.db.collection('changes').countDocuments();
const changesOf = (json: unknown): SiteChange[] => (json as { changes: SiteChange[] }).changes;

test('exports a site, and makes the same site of the export elsewhere', async (t) => {
  const store = await siteStore(documents.uri);
  await addNodes(store, { names: ['node001', 'node002', 'node003'], group: 'compute' }, 'test');
  await changeNode(store, 'node002', { mac: '52:54:00:00:00:02', switch: 'switch01', port: '2' }, 'test');
  const api = await apiOn(t, store);
  const empty = await apiOn(t, await freshStore(documents.uri));

  const exported = await api.call('GET', '/site');
  const secret = await api.call('GET', '/site?secrets=1');
  const applied = await empty.call('POST', '/site', secret.text);
  const again = await empty.call('GET', '/site');
  const secretAgain = await empty.call('GET', '/site?secrets=1');

  assert.equal(applied.status, 200, brief(applied));
  assert.equal(again.text, exported.text);
  assert.equal(secretAgain.text, secret.text);
  assert.match(secret.text, /password: secret-password/);
  assert.doesNotMatch(exported.text, /secret/);
  assert.match(exported.text, /^ {2}node\[001,003\]:\n {4}group: compute\n {4}addresses:\n {6}BOOTIF: 10\.30\.0\.2,10\.30\.0\.4$/m);
});

test('keeps every field of any site in the database, and goes from one to another', async (t) => {
  const api = await apiOn(t, await freshStore(documents.uri));
  for (const seed of [3, 5, 8]) {
    const { site, secrets } = randomSite(seeded(seed), (kind, name) => `${kind}#${name}#id`);
    const file = exportSite(site, secrets);
    const written = await siteYaml(file);

    const applied = await api.call('POST', '/site?prune=1', sayingAllMacs(file));
    const again = await api.call('POST', '/site?prune=1', written);
    const exported = await api.call('GET', '/site?secrets=1');

    assert.equal(applied.status, 200, brief(applied));
    assert.deepEqual(changesOf(again.json), []);
    assert.equal(exported.text, written);
  }
});

test('makes the site of a dump of Luna 1', async (t) => {
  const [dump, api] = [temporaryFolder('dump'), await apiOn(t, await freshStore(documents.uri))];
  writeDump(dump, schema12);
  const { file } = importLuna1(readDump(dump));

  const applied = await api.call('POST', '/site', file);
  const exported = await api.call('GET', '/site?secrets=1&format=json');

  assert.equal(applied.status, 200, brief(applied));
  assert.deepEqual(exported.json, imported(file).file);
});

test('writes nothing for a file that changes nothing', async (t) => {
  const store = await siteStore(documents.uri);
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const api = await apiOn(t, store);
  const { text } = await api.call('GET', '/site?secrets=1');
  const before = await linesOf(store);

  const applied = await api.call('POST', '/site', text);

  assert.deepEqual(changesOf(applied.json), []);
  assert.equal(await linesOf(store), before);
});

test('changes what differs, and what is pruned goes', async (t) => {
  const store = await siteStore(documents.uri);
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const api = await apiOn(t, store);
  const file = 'luna: 2\nnodes:\n  node[002-003]:\n    group: compute\n    setupbmc: false\n  node003: {mac: 52:54:00:00:00:03, addresses: {BOOTIF: 10.30.7.7}}\n';

  const dry = await api.call('POST', '/site?dry_run=1&prune=1', file);
  const untouched = await api.call('GET', '/nodes');
  const applied = await api.call('POST', '/site?prune=1', file);
  const nodes = (await api.call('GET', '/nodes')).json as { name: string; setupbmc: boolean; macs: string[]; interfaces: { ip: string }[] }[];

  assert.deepEqual((untouched.json as unknown[]).length, 2);
  assert.deepEqual(changesOf(dry.json), changesOf(applied.json));
  assert.deepEqual((dry.json as { consequences: string[] }).consequences, [
    'DNS: 2 names are added: node003.cluster, node003.ipmi.',
    'DNS: 2 names go: node001.cluster, node001.ipmi.',
    'DHCP: 1 reservation is added: node003 52:54:00:00:00:03 10.30.7.7.',
    "Node node003 can't be installed: osimage compute is not packed.",
  ]);
  assert.deepEqual(changesOf(applied.json).map(({ op, name }) => `${op} ${name}`), ['remove node001', 'change node002', 'add node003']);
  assert.deepEqual(changesOf(applied.json)[1]?.diff, { setupbmc: [null, false] });
  assert.deepEqual(nodes.map(({ name, setupbmc, macs, interfaces }) => `${name} ${setupbmc} ${macs.join()} ${interfaces.map(({ ip }) => ip).join()}`),
    ['node002 false  10.30.0.3,10.31.0.3', 'node003 false 52:54:00:00:00:03 10.30.7.7,10.31.0.2']);
});

test('refuses a file as a whole, naming the lines', async (t) => {
  const store = await siteStore(documents.uri);
  const api = await apiOn(t, store);
  const before = await linesOf(store);

  const wrong = await api.call('POST', '/site', 'luna: 2\ngroups:\n  new:\n    osimage: nowhere\n    interfaces: {BOOTIF: {network: clutser}}\nnodes:\n  node[1-2]:\n    group: compute\n    addresses:\n      BOOTIF: 10.99.0.[1-2]\n');
  const unknown = await api.call('POST', '/site', 'luna: 2\nnetworks:\n  new:\n    network: 10.50.0.0/16\n    gatway: 10.50.0.1\n');
  const twice = await api.call('POST', '/site', 'luna: 2\nnodes:\n  a: {group: compute, addresses: {BOOTIF: 10.30.0.9}}\n  b: {group: compute, addresses: {BOOTIF: 10.30.0.9}}\n');
  const tree = await api.call('POST', '/site', 'luna: 2\nosimages:\n  new: {path: /missing}\n');
  const yaml = await api.call('POST', '/site', 'luna: 2\nnodes: [\n');
  const lost = await api.call('POST', '/site', 'luna: 2\nnetworks: &there {}\nosimages: {new: *there}\ngroups: *nowhere\n');
  const laughs = ['a: &a x', ...'bcd'.split('').map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abc'[i] ?? ''}`).join()}]`)].join('\n');
  const grown = await api.call('POST', '/site', `luna: 2\n${laughs}\n`);
  const root = await api.call('POST', '/site', `luna: 2\nosimages:\n  new: {path: //}\n  other: {path: ${api.folder}/os}\n`);

  assert.equal(brief(wrong), `400 invalid the site file is refused:
  line 4: groups.new.osimage: there is no osimage named nowhere
  line 5: groups.new.interfaces.BOOTIF.network: there is no network named clutser
  line 10: nodes.node[1-2].addresses.BOOTIF: 10.99.0.1 lies outside: network cluster is 10.30.0.0/16 (and 1 more like it)`);
  assert.equal(brief(unknown), '400 invalid the site file is refused: line 5: networks.new.gatway: luna knows no such field');
  assert.equal(brief(twice), '400 invalid the site file is refused: line 4: nodes.b: 10.30.0.9 of node b is taken by node a');
  assert.equal(brief(tree), '400 invalid the site file is refused: line 3: osimages.new.path: /missing is no directory on the controller');
  assert.match(brief(yaml), /^400 invalid the site file is no YAML: .* line 3/);
  assert.equal(brief(lost), '400 invalid the site file is refused: line 4: Unresolved alias (the anchor must be set before the alias): nowhere');
  assert.match(brief(grown), /^400 invalid the site file is refused: Excessive alias count/);
  assert.match(brief(root), /line 3: osimages\.new\.path: \/ is the controller's own: .*\n {2}line 4: osimages\.other\.path: .* lies in luna's own directory/);
  assert.equal(await linesOf(store), before);
});

test('tells all mistakes of a file at once, and none that only comes of another', async (t) => {
  const api = await apiOn(t, await siteStore(documents.uri));

  const wrong = await api.call('POST', '/site', [
    'luna: 2', 'networks:', '  new:', '    network: 10.50.0.0/16', '    gatway: 10.50.0.1', '  other: {network: 10.50.7.0/24}', 'groups:', '  g:', '    osimage: nowhere', '  h: {}',
    'osimages:', '  x: {path: /missing}', 'nodes:', '  n: {group: h, localboot: maybe, addresses: {eth7: 10.50.0.9}}', '  m: {group: compute, mac: nonsense}', '',
  ].join('\n'));
  const yaml = await api.call('POST', '/site', 'luna: 2\nnodes: {a: 1, a: 2}\ngroups: {b: 1, b: 2}\n');

  assert.equal(brief(wrong), `400 invalid the site file is refused:
  line 5: networks.new.gatway: luna knows no such field
  line 6: networks.other.network: 10.50.7.0/24 overlaps network new 10.50.0.0/16
  line 9: groups.g.osimage: there is no osimage named nowhere
  line 10: groups.h.osimage: is missing
  line 12: osimages.x.path: /missing is no directory on the controller
  line 14: nodes.n.localboot: expected boolean, received string
  line 15: nodes.m.mac: must be a MAC address such as 52:54:00:ab:cd:01`);
  assert.match(brief(yaml), /^400 invalid the site file is no YAML:\n.* line 2.*\n.* line 3/);
});

test('removes the secrets of what is pruned; taking that back says what does not come back', async (t) => {
  const store = await siteStore(documents.uri);
  await addBmcsetup(store, { name: 'spare', password: 'spare-password' }, 'test');
  const api = await apiOn(t, store);
  const secrets = async (): Promise<string[]> => [...(await secretsWithin(store)).values()];

  const applied = await api.call('POST', '/site?prune=1', 'luna: 2\nbmcsetups: {base: {}}\nswitches: {}\n');
  const left = await secrets();
  const [removal] = await historyOf(store, { by: 'root', limit: 1 });
  const undone = await undo(store, removal?.tx ?? '', 'root');

  assert.equal(applied.status, 200, brief(applied));
  assert.deepEqual(left, ['secret-password']);
  assert.deepEqual(undone.secrets, [{ kind: 'bmcsetup', name: 'spare' }, { kind: 'switch', name: 'switch01' }]);
  assert.deepEqual(await secrets(), ['secret-password']);
});

test('leaves to what is pruned what still refers to it', async (t) => {
  const api = await apiOn(t, await siteStore(documents.uri));

  const refused = await api.call('POST', '/site?prune=1', 'luna: 2\nosimages: {}\n');

  assert.equal(brief(refused), '400 invalid the site file is refused: groups.compute: group compute uses osimage compute, which is to be removed');
});
