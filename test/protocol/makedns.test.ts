import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { serialIn } from '../../domain/bind.ts';
import type { Site } from '../../domain/site.ts';
import { zonesOf } from '../../domain/zones.ts';
import { Cli } from '../support/cli.ts';
import { freePort } from '../support/documents.ts';
import { plainSite } from '../support/plain-site.ts';
import { startStubApi } from '../support/stub-api.ts';

const hasBind = ['/usr/bin/named-checkconf', '/usr/sbin/named'].every((path) => existsSync(path));

function declared(): Site {
  return plainSite({
    cluster: { frontend_address: '10.30.255.254' },
    networks: { cluster: { network: '10.30.0.0', prefix: 16 }, ipmi: { network: '10.31.4.0', prefix: 22 }, small_net: { network: '192.168.7.64', prefix: 26 }, v6: { network: 'fd00:10:0:4::', prefix: 62 } },
    switches: { switch01: { network: 'ipmi', address: 900 } },
    groups: {
      compute: { osimage: 'x', interfaces: [{ id: 'b', name: 'BMC', network: 'ipmi' }, { id: 'i', name: 'BOOTIF', network: 'cluster', network6: 'v6' }, { id: 'j', name: 'ib0', network: 'cluster' }, { id: 's', name: 'eth1', network: 'small_net' }] },
    },
    nodes: { node001: { group: 'compute', addresses: { i: 1, j: 2, b: 1, s: 3 }, addresses6: { i: '18446744073709551617' } }, node_2: { group: 'compute', addresses: { i: 3 } } },
  });
}

describe('luna cluster makedns', { skip: hasBind ? false : 'needs BIND: bind9, bind9-utils' }, () => {
  let cli: Cli;
  let api: Awaited<ReturnType<typeof startStubApi>>;
  let dir: string;
  let site: Site;
  let changedAt: string;

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'makedns-'));
    [site, changedAt] = [declared(), '2026-01-01T00:00:00.000Z'];
    api = await startStubApi((call) => {
      if (call === 'GET /cluster') return { json: site.cluster };
      return call === 'GET /zones' ? { json: { changedAt, ...zonesOf(site) } } : undefined;
    });
    cli = new Cli(api.dataDir);
  });
  after(async () => {
    await cli.stop();
    await api.stop();
    rmSync(dir, { recursive: true });
  });

  const paths = () => ({ includeFile: join(dir, 'luna.zones'), zoneDir: join(dir, 'zones') });
  const make = (...more: string[]) => cli.run('cluster', 'makedns', '--include-file', paths().includeFile, '--zone-dir', paths().zoneDir, ...more);
  const fileOf = (zone: string) => join(paths().zoneDir, `${zone}.luna.zone`);
  const serialOf = (zone: string) => serialIn(readFileSync(fileOf(zone), 'utf8')) ?? 0;

  it('writes files that BIND takes', async () => {
    const { code, stdout, stderr } = await make();

    assert.equal(code, 0, stderr);
    assert.match(stdout, /^14 zones in .*: 14 changed, 0 removed\.\n/);
    const conf = join(dir, 'named.conf');
    writeFileSync(conf, `include "${paths().includeFile}";\n`);
    const loaded = execFileSync('named-checkconf', ['-z', conf], { encoding: 'utf8' });
    assert.equal(loaded.split('\n').filter((line) => /: loaded serial 1767225600$/.test(line)).length, 14, loaded);
    for (const zone of ['cluster', 'ipmi', '30.10.in-addr.arpa', '4.31.10.in-addr.arpa']) {
      execFileSync('named-checkzone', ['-k', zone === 'ipmi' ? 'fail' : 'ignore', '-i', 'local', zone, fileOf(zone)]);
    }
  });

  it('is answered from by a real server', async (t) => {
    const port = await freePort();
    const conf = join(dir, 'server.conf');
    writeFileSync(conf, `options { directory "${dir}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion no; dnssec-validation no; };
controls { };
include "${paths().includeFile}";\n`);
    const named = spawn('/usr/sbin/named', ['-g', '-c', conf, '-n', '1'], { stdio: ['ignore', 'ignore', 'pipe'] });
    t.after(async () => {
      named.kill();
      if (named.exitCode === null) await once(named, 'exit');
    });
    await new Promise<void>((resolve, reject) => {
      let said = '';
      named.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (/\brunning$/m.test(said)) resolve();
      });
      named.once('exit', () => { reject(new Error(said)); });
    });
    const resolver = new Resolver({ timeout: 2000, tries: 5 });
    resolver.setServers([`127.0.0.1:${port}`]);

    assert.deepEqual(await resolver.resolve4('node001.cluster'), ['10.30.0.1']);
    assert.deepEqual(await resolver.resolve4('node001-ib0.cluster'), ['10.30.0.2']);
    assert.deepEqual(await resolver.resolve4('node_2-bootif.cluster'), ['10.30.0.3']);
    assert.deepEqual(await resolver.resolve6('node001-bootif.cluster'), ['fd00:10:0:5::1']);
    assert.deepEqual(await resolver.reverse('fd00:10:0:5::1'), ['node001-bootif.cluster']);
    assert.deepEqual(await resolver.resolve4('switch01.ipmi'), ['10.31.7.132']);
    assert.deepEqual(await resolver.reverse('10.31.7.132'), ['switch01.ipmi']);
    assert.deepEqual(await resolver.reverse('192.168.7.67'), ['node001.small_net']);
    assert.equal((await resolver.resolveSoa('cluster')).nsname, 'luna.cluster');
  });

  it('touches nothing that is as it should be, whatever else has changed', async () => {
    const before = statSync(fileOf('cluster')).mtimeMs;
    changedAt = '2026-02-01T00:00:00.000Z';
    const { stdout } = await make();

    assert.match(stdout, /^14 zones in .*: 0 changed, 0 removed\.\n/);
    assert.equal(statSync(fileOf('cluster')).mtimeMs, before);
  });

  it('raises the serial of what has changed, also twice in one second', async () => {
    const serials: number[] = [serialOf('cluster')];
    const untouched = serialOf('4.31.10.in-addr.arpa');
    for (const address of [10, 11]) {
      Object.assign(site.nodes.get('node001')?.addresses ?? {}, { i: address });
      await make();
      serials.push(serialOf('cluster'));
    }

    assert.deepEqual(serials, [1_767_225_600, 1_769_904_000, 1_769_904_001]);
    assert.equal(serialOf('4.31.10.in-addr.arpa'), untouched);
  });

  it('leaves everything as it was when BIND refuses the text of a network', async () => {
    const texts = () => readdirSync(paths().zoneDir).sort().map((name) => readFileSync(join(paths().zoneDir, name), 'utf8'));
    const before = texts();
    Object.assign(site.networks.get('cluster') ?? {}, { include: 'www IN A not-an-address' });
    const { code, stderr } = await make();

    assert.equal(code, 255);
    assert.match(stderr, /BIND refuses zone cluster, so nothing was changed:\n.*near 'not-an-address'/);
    assert.deepEqual(texts(), before);
    Object.assign(site.networks.get('cluster') ?? {}, { include: 'www IN A 10.30.0.99' });
    assert.equal((await make()).code, 0);
    assert.match(readFileSync(fileOf('cluster'), 'utf8'), /^www IN A 10\.30\.0\.99$/m);
  });

  it('takes away what it wrote for networks that are gone, and nothing else', async () => {
    writeFileSync(fileOf('own'), '; the administrator wrote this\n');
    site.networks.delete('small_net');
    const { stdout } = await make();

    assert.match(stdout, /0 changed, 2 removed/);
    assert.deepEqual(readdirSync(paths().zoneDir).filter((name) => /small|own|168/.test(name)), ['own.luna.zone']);
    assert.ok(!readFileSync(paths().includeFile, 'utf8').includes('small_net'));
  });

  it('lets secondaries fetch the zones when it is told of them', async () => {
    await make('--transfer-to', '10.30.255.253, 10.30.255.252');

    assert.match(readFileSync(paths().includeFile, 'utf8'), /allow-transfer \{ 10\.30\.255\.253; 10\.30\.255\.252; \};\n {2}also-notify \{ 10\.30\.255\.253; 10\.30\.255\.252; \};/);
  });
});
