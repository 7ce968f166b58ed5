import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { NodeView } from '../../domain/views.ts';
import type { Lifecycle } from '../../infra/api/lifecycle.ts';
import { serveApi } from '../../infra/api/server.ts';
import { tlsIdentity } from '../../infra/tls/identity.ts';
import { imageTrees } from '../../infra/image/trees.ts';
import { bootOfNode } from '../../infra/store/boots.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { type SiteWatch, watchSite } from '../../infra/store/watch-site.ts';
import { apiDocuments } from '../../workers/api-documents.ts';
import { renderScript } from '../../workers/api-scripts.ts';
import { Cli } from '../support/cli.ts';
import { startDocuments } from '../support/documents.ts';
import { testSecrets } from '../support/site-store.ts';
import { silentLog } from '../support/silent-log.ts';
import { noSwarms } from '../support/no-swarms.ts';
import { silentMetrics } from '../support/silent-meter.ts';

/** Nothing here starts a workflow. */
const noLifecycle = new Proxy({}, { get: (_target, call) => () => { throw new Error(`nobody should call ${String(call)}`); } }) as Lifecycle;

describe("the seed's sequence, through the real API and the real document engine", () => {
  let documents: Awaited<ReturnType<typeof startDocuments>>;
  let store: Store;
  let watch: SiteWatch;
  let api: Awaited<ReturnType<typeof serveApi>>;
  let cli: Cli;
  let dir: string;

  before(async () => {
    documents = await startDocuments();
    dir = documents.dataDir;
    mkdirSync(join(dir, 'os/compute'), { recursive: true });
    writeFileSync(join(dir, 'partscript'), 'parted /dev/sda -s "mklabel msdos"\nmount /dev/sda2 /sysroot\n');
    store = await openStore(documents.uri, { log: silentLog, secrets: testSecrets });
    watch = await watchSite(store, silentLog);
    api = await serveApi(
      {
        documents: apiDocuments(store, watch),
        lifecycle: noLifecycle,
        renderScript: (site, node, kind) => renderScript(site, node, kind, (id) => bootOfNode(store, id)),
        isDirectory: () => Promise.resolve(true),
        treeMistake: () => Promise.resolve(null),
        tls: tlsIdentity({ keyFile: join(dir, 'api.key'), certFile: join(dir, 'api.crt'), made: true }, '127.0.0.1'),
        trees: imageTrees,
        switchMacs: () => Promise.resolve([]),
        metrics: silentMetrics,
        swarms: noSwarms,
        log: silentLog,
      },
      { socketPath: join(dir, 'run/api.sock'), host: '127.0.0.1', port: 0, token: 'secret' },
    );
    cli = new Cli(dir);
  });
  after(async () => {
    await cli?.stop();
    await api?.stop();
    await watch?.stop();
    await store?.close();
    await documents?.stop();
  });

  /** Runs a command line that must work; words in quotes don't occur. */
  async function luna(line: string): Promise<string> {
    const { stdout, stderr, code } = await cli.run(...line.split(' '));
    assert.equal(code, 0, `luna ${line}\n${stderr}${stdout}`);
    return stdout;
  }

  it('declares a site with the commands of Luna 1', async () => {
    await luna('cluster init');
    await luna('cluster change --frontend_address 10.30.255.254');
    await luna(`osimage add -n compute -p ${join(dir, 'os/compute')}`);
    await luna('bmcsetup add -n base');
    await luna('network add -n cluster -N 10.30.0.0 -P 16');
    await luna('network add -n ipmi -N 10.31.0.0 -P 16');
    await luna('switch add -n switch01 --oid .1.3.6.1.2.1.17.7.1.2.2.1.2 --network ipmi --ip 10.31.253.21');
    await luna('group add -n compute -i enp7s0 -o compute');
    await luna('group change -n compute -b base');
    await luna('group change -n compute --interface enp7s0 --setnet cluster');
    await luna('group change -n compute -i BMC --add --setnet ipmi');
    await luna(`group change -n compute --partscript -e --file ${join(dir, 'partscript')}`);

    assert.equal(await luna('node add -g compute'), 'node001\n');
    await luna('node change -n node001 -s switch01');
    await luna('node change -n node001 -p 1');
  });

  it('shows what was declared', async () => {
    assert.match(await luna('network list'), /\| cluster +\| 10\.30\.0\.0\/16 +\|[^]*\| ipmi +\| 10\.31\.0\.0\/16/);
    assert.match(await luna('switch list'), /\| switch01 +\| 10\.31\.253\.21/);
    assert.match(await luna('bmcsetup list'), /\| base +\| ladmin/);
    assert.match(await luna('group list'), /\| compute +\| compute +\| \[enp7s0\]:\[cluster\]:10\.30\.0\.0\/16[^]*\[BMC\]:\[ipmi\]:10\.31\.0\.0\/16/);
    assert.match(await luna('node list'), /\| node001 +\| compute +\| - +\| \[enp7s0\]:10\.30\.0\.1 +\|[^]*\[BMC\]:10\.31\.0\.1/);
    assert.equal(await luna('group show compute --partscript'), 'parted /dev/sda -s "mklabel msdos"\nmount /dev/sda2 /sysroot\n');
    assert.match(await luna('node show node001'), /\| switch +\| \[switch01\]/);
    assert.match(await luna('osimage show compute'), /\| name +\| compute/);
    assert.match(await luna('cluster show'), /\| frontend_address +\| 10\.30\.255\.254/);
  });

  it('keeps every version of a script, and stores none that the shell cannot read', async () => {
    const [first, second, broken] = ['echo one', 'echo two', 'if true; then\necho three'].map((text, i) => {
      const file = join(dir, `script-${i}`);
      writeFileSync(file, `${text}\n`);
      return file;
    });
    await luna(`group change compute --postscript --file ${first}`);
    await luna(`group change compute --postscript --file ${second}`);
    const refused = await cli.run('group', 'change', 'compute', '--postscript', '--file', broken ?? '');
    writeFileSync(join(dir, 'site.yaml'), 'luna: 2\ngroups:\n  compute:\n    osimage: compute\n    postscript: "if true"\n');
    const unapplied = await cli.run('apply', '-f', join(dir, 'site.yaml'));

    assert.equal(refused.code, 255);
    assert.match(refused.stderr, /the postscript of group compute can't be read by the shell:\n {2}line \d+: syntax error/);
    assert.equal(unapplied.code, 255);
    assert.match(unapplied.stderr, /groups\.compute\.postscript: the shell can't read it: line \d+: syntax error/);
    assert.match(await luna('history group compute --field postscript'), /^== .*\necho two\n== .*\necho one\n/);
    await luna('undo');
    assert.equal(await luna('group show compute --postscript'), 'echo one\n');
  });

  it('works on hostlists', async () => {
    assert.equal(await luna('node add -n node[002-004] -g compute'), 'node002\nnode003\nnode004\n');
    await luna('node change node[002-004] --setupbmc n --service y');
    await luna('node change node004 -i enp7s0 10.30.1.4 --mac 52:54:00:AB:CD:04');
    await luna('node delete node[002-003]');

    const nodes = JSON.parse(await luna('node list --json')) as NodeView[];
    assert.deepEqual(nodes.map(({ name }) => name), ['node001', 'node004']);
    assert.deepEqual(nodes[1]?.macs, ['52:54:00:ab:cd:04']);
    assert.deepEqual([nodes[1]?.service, nodes[1]?.setupbmc, nodes[1]?.interfaces[0]?.ip], [true, false, '10.30.1.4']);
  });

  it('refuses what is in use, taken or unknown, with what to do', async () => {
    const refusals: [string, RegExp][] = [
      ['network delete cluster', /used|compute/],
      ['osimage delete compute', /compute/],
      ['node add -n node001 -g compute', /node001/],
      ['node change node001 -i enp7s0 10.30.1.4', /10\.30\.1\.4/],
      ['node change node001 --mac 52:54:00:ab:cd:04', /node004/],
      ['node change node009 --service y', /node009[^]*Next: +luna node list/],
      ['group add -n other -o nothing', /nothing/],
      ['network add -n cluster -N 10.40.0.0 -P 16', /cluster/],
    ];
    for (const [line, message] of refusals) {
      const { code, stderr } = await cli.run(...line.split(' '));
      assert.equal(code, 255, `luna ${line}: ${stderr}`);
      assert.match(stderr, message);
    }
  });

  it('takes it all apart again', async () => {
    for (const line of ['node delete node[001,004]', 'group delete compute', 'switch delete switch01', 'network delete cluster,ipmi', 'osimage delete compute', 'bmcsetup delete base']) await luna(line);

    assert.equal(await luna('node list --json'), '[]\n');
  });
});
