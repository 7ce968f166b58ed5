import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary } from '../../domain/provision.ts';
import type { Lifecycle } from '../../infra/api/lifecycle.ts';
import { serveApi } from '../../infra/api/server.ts';
import { tlsIdentity } from '../../infra/tls/identity.ts';
import { imageTrees } from '../../infra/image/trees.ts';
import { bootOfNode } from '../../infra/store/boots.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { startRun } from '../../infra/store/runs.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { apiDocuments } from '../../workers/api-documents.ts';
import { renderScript } from '../../workers/api-scripts.ts';
import { Cli } from './cli.ts';
import { startDocuments } from './documents.ts';
import { testSecrets } from './site-store.ts';
import { fakeLifecycle } from './fake-lifecycle.ts';
import { schema12, writeDump } from './luna1-dump.ts';
import { silentLog } from './silent-log.ts';
import { noSwarms } from './no-swarms.ts';
import { silentMetrics } from './silent-meter.ts';

/** What stands before a state is kept under a name: the site grows in these steps. */
const STEPS: readonly (readonly [state: string, lines: readonly string[]])[] = [
  ['empty', []],
  ['cluster', ['cluster init --frontend_address 10.30.255.254']],
  ['networks', ['network add cluster -N 10.30.0.0/16', 'network add ipmi -N 10.31.0.0/16', 'network add storage -N 10.40.0.0/16']],
  ['objects', ['switch add switch01 --network ipmi --ip 10.31.253.21', ...['2', '3', '4'].map((n) => `switch add switch0${n} --network ipmi --ip 10.31.253.3${n}`), 'bmcsetup add base', 'osimage add compute -p DIR/os/compute', 'osimage add old -p DIR/os/old', 'otherdev add pdu[01-04] -N ipmi']],
  ['groups', ['group add compute -o compute -N cluster -b base', 'group add login -o compute -N cluster', 'group add old -o compute -N cluster', 'group change compute --partscript --file partscript.sh']],
  ['full', ['node add node[001-012] -g compute', 'node add login02 -g login', 'token add ansible --role operator']],
  ['failed', []],
  ['reserved', ['network reserve cluster 10.30.9.1-10.30.9.20']],
];

/** The real API on the real store, with a lifecycle that answers as if all went well; the site can be put back into any of its states. */
export interface ExampleSite { cli: Cli; folder: string; dataDir: string; restore(state: string): Promise<void>; stop(): Promise<void> }

/** Declares the site that the examples speak of. `folder` holds the files that they name. */
export async function startExampleSite(): Promise<ExampleSite> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => { for (const one of stops.reverse()) await one(); };
  try {
    return { ...await declared(stops), stop };
  } catch (error) {
    // What runs already would keep the test's process alive.
    await stop();
    throw error;
  }
}

async function declared(stops: (() => Promise<unknown>)[]): Promise<Omit<ExampleSite, 'stop'>> {
  const documents = await startDocuments();
  stops.push(() => documents.stop());
  const folder = writeFiles(documents.dataDir);
  const store = await openStore(documents.uri, { log: silentLog, secrets: testSecrets });
  stops.push(() => store.close());
  const watch = await watchSite(store, silentLog);
  stops.push(() => watch.stop());
  const api = await serveApi(
    {
      documents: apiDocuments(store, watch), lifecycle: contentLifecycle(store), log: silentLog,
      tls: tlsIdentity({ keyFile: join(folder, 'api.key'), certFile: join(folder, 'api.crt'), made: true }, '127.0.0.1'),
      renderScript: (site, node, kind) => renderScript(site, node, kind, (id) => bootOfNode(store, id)),
      isDirectory: () => Promise.resolve(true), treeMistake: () => Promise.resolve(null), trees: imageTrees, switchMacs: () => Promise.resolve([]),
      metrics: silentMetrics, swarms: noSwarms,
    },
    { socketPath: join(documents.dataDir, 'run/api.sock'), host: '127.0.0.1', port: 0, token: 'secret' },
  );
  stops.push(() => api.stop());
  const cli = new Cli(documents.dataDir, {}, folder);
  stops.push(() => cli.stop());
  const states = new Map<string, Snapshot>();
  for (const [state, lines] of STEPS) {
    for (const line of lines) {
      const { code, stderr } = await cli.run(...line.replaceAll('DIR', folder).split(' '));
      if (code !== 0) throw new Error(`luna ${line}: ${stderr}`);
    }
    const nodes = [...watch.current().nodes.values()];
    if (state === 'full') for (const node of nodes) await startRun(store, endedRun(node));
    if (state === 'failed') for (const node of nodes) await startRun(store, { ...endedRun(node, 1), status: 'failed', stage: 'postscript' });
    states.set(state, await snapshotOf(store));
  }
  return {
    cli, folder, dataDir: documents.dataDir,
    async restore(state) {
      await putBack(store, states.get(state) ?? new Map<string, Stored[]>());
      store.memory.known = null;
      await watch.refresh();
    },
  };
}

/** The files that examples name, and the trees of their images. */
function writeFiles(dataDir: string): string {
  const folder = join(dataDir, 'examples');
  for (const tree of ['os/compute', 'os/old']) mkdirSync(join(folder, tree), { recursive: true });
  const files = { 'partscript.sh': 'mount -t tmpfs tmpfs /sysroot', 'postscript.sh': 'echo done', 'notes.txt': 'rack 1', 'extra.zone': 'www IN A 10.30.0.99', 'bmc.password': 'secret', 'snmp.community': 'secret' };
  for (const [name, text] of Object.entries({ ...files, ...sources })) writeFileSync(join(folder, name), `${text}\n`);
  for (const [name, from] of [['site.stanza', 'xcat.stanza'], ['nodes.conf', 'nodes.conf']] as const) copyFileSync(join(import.meta.dirname, '../fixtures/import', from), join(folder, name));
  writeDump(join(folder, 'dump/luna'), schema12);
  return folder;
}

/** What other tools keep of a site, as far as examples bring it along. */
const sources = {
  'nodes.csv': 'name,group,mac,ip\nnode101,compute,52:54:00:00:01:01,10.30.1.101',
  genders: 'node[102-104] compute,rack=2\nnode105 compute',
  hosts: '10.30.1.106 node106.cluster node106',
  'nodelist.csv': '#node,groups,status,comments,disable\n"cn001","cn,all",,,',
  'mac.csv': '#node,interface,mac,comments,disable\n"cn001",,"52:54:00:00:02:01",,',
  'hosts.csv': '#node,ip,hostnames,otherinterfaces,comments,disable\n"cn001","10.50.0.1",,,,',
  'ipmi.csv': '#node,bmc,bmcport,taggedvlan,bmcid,username,password,comments,disable\n"cn001",,,,,"root","calvin",,',
  'networks.csv': '#netname,net,mask,mgtifname,gateway\n"boot","10.50.0.0","255.255.0.0","eth0",',
};

/** Every document of every collection. */
type Snapshot = Map<string, Stored[]>;

interface Stored { _id: string }

async function snapshotOf(store: Store): Promise<Snapshot> {
  const found: Snapshot = new Map();
  for (const { name } of await store.db.listCollections().toArray()) found.set(name, await store.db.collection<Stored>(name).find().toArray());
  return found;
}

/** Writes only what differs: reading is cheap, and most examples change little. */
async function putBack(store: Store, snapshot: Snapshot): Promise<void> {
  for (const { name } of await store.db.listCollections().toArray()) {
    const collection = store.db.collection<Stored>(name);
    const wanted = new Map((snapshot.get(name) ?? []).map((document) => [document._id, document]));
    const there = await collection.find().toArray();
    const wrong = there.filter((document) => JSON.stringify(document) !== JSON.stringify(wanted.get(document._id)));
    if (wrong.length > 0) await collection.deleteMany({ _id: { $in: wrong.map(({ _id }) => _id) } });
    const right = new Set(there.map(({ _id }) => _id)).difference(new Set(wrong.map(({ _id }) => _id)));
    const missing = [...wanted.values()].filter(({ _id }) => !right.has(_id));
    if (missing.length > 0) await collection.insertMany(missing);
  }
}

/** What is asked is done, at once. */
function contentLifecycle(store: Store): Lifecycle {
  let asked = 1;
  return {
    ...fakeLifecycle(),
    async provision(nodes) {
      asked += 1;
      const runs = nodes.map((node) => endedRun(node, asked));
      for (const run of runs) await startRun(store, run);
      return runs.map(({ _id, nodeName, workflowId }) => ({ node: nodeName, workflowId, runId: _id, attached: false }));
    },
    pack: ({ _id }) => Promise.resolve({ workflowId: `pack/${_id}`, runId: 'run' }),
    packStatus: () => Promise.resolve({ state: 'done', phase: 'pointer', percent: 100, message: '' }),
  };
}

/** The node's run of that number, which took it to its own system. */
function endedRun({ _id, name }: { _id: string; name: string }, number = 0): RunSummary {
  const at = new Date(Date.UTC(2024, 4, 1, 10, number)).toISOString();
  return {
    _id: `run/${_id}/${number}`, workflowId: `provision/${_id}`, nodeId: _id, nodeName: name, groupName: 'compute', osimageName: 'compute', status: 'completed', stage: 'ready',
    reason: '', next: '', startedAt: at, endedAt: at, stages: [{ stage: 'ready', startedAt: at, endedAt: at, status: 'completed' }],
  };
}
