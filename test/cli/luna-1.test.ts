import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Cli } from '../support/cli.ts';
import { HOSTLISTS, LUNA_1, OUTDATED } from '../support/luna1-surface.ts';
import { startStubApi, type Stubbed } from '../support/stub-api.ts';

const groupView = {
  name: 'compute', comment: '', osimage: 'compute', bmcsetup: 'base', domain: 'cluster', prescript: '', partscript: 'mount -t tmpfs tmpfs /sysroot', postscript: '',
  interfaces: ['BOOTIF', 'BMC', 'eth1'].map((name) => ({ name, network: null, address: null, params: '' })),
};
const things: Record<string, object> = {
  '/cluster': { name: 'general', comment: '', cluster_ips: [] },
  '/groups/compute': groupView,
  '/osimages/compute/pack': { state: 'done', phase: 'done', percent: 100, message: '' },
  '/networks/cluster': { name: 'cluster', network: '10.30.0.0', prefix: 16, gateway: null, ns_ip: null, reserved: [] },
  '/networks/cluster/addresses': { members: [], dynamic: null, free: [] },
};

/** Enough of an answer for each request; the stub itself refuses what the API doesn't take. */
function answer(call: string, body: unknown): Stubbed | undefined {
  const [method = '', url = ''] = call.split(' ');
  const path = url.replace(/\?.*/, '');
  if (path.includes('/script/')) return { text: '#!ipxe\n' };
  const listed = method === 'GET' && /^\/\w+s$|\/kernels$/.test(path);
  const made = body ?? {};
  return { json: listed || ['/nodes/change', '/nodes/delete', '/power', '/provision'].includes(path) ? [] : path === '/nodes' ? [{ name: 'node001' }] : things[path] ?? { name: 'x', comment: '', interfaces: [], connected: [], reserved: [], boot: [], ...made } };
}

describe('every command of Luna 1, in both dialects', () => {
  const dir = mkdtempSync(join(tmpdir(), 'luna-1-'));
  const words: Record<string, string> = { EMPTY: '', SCRIPT: join(dir, 'script') };
  let api: Awaited<ReturnType<typeof startStubApi>>;
  let cli: Cli;
  before(async () => {
    writeFileSync(join(dir, 'script'), 'echo hello\n');
    api = await startStubApi(answer);
    cli = new Cli(api.dataDir);
  });
  beforeEach(() => { api.seen.length = 0; });
  after(async () => {
    await cli.stop();
    await api.stop();
    rmSync(dir, { recursive: true });
  });
  const run = (line: string) => cli.run(...line.split(' ').map((word) => words[word] ?? word));

  for (const [object, rows] of Object.entries(LUNA_1)) {
    describe(object, () => {
      for (const [request, body, ...spelled] of rows) {
        for (const line of spelled) {
          it(`luna ${line}`, async () => {
            const { code, stderr } = await run(line);

            const changing = api.seen.filter(({ call }) => !call.startsWith('GET'));
            const [first] = changing.length > 0 ? changing : api.seen.filter(({ call }) => call === request);
            assert.deepEqual(first, body === undefined ? { call: request } : { call: request, body }, stderr);
            assert.ok(changing.length <= 1, 'one change, one request');
            assert.equal(code, 0, stderr);
            assert.equal(stderr, '');
          });
        }
      }
    });
  }

  for (const line of HOSTLISTS) {
    it(`luna ${line} means both`, async () => {
      const { code, stderr } = await run(line);

      assert.equal(code, 0, stderr);
      for (const name of ['x01', 'x02']) assert.ok(JSON.stringify(api.seen).includes(name), name);
    });
  }

  for (const [line, now] of OUTDATED) {
    it(`luna ${line} is told to be Luna 1's with --debug only`, async () => {
      const quiet = await run(line);
      const told = await run(`${line} --debug`);

      assert.equal(quiet.stderr, '');
      assert.match(told.stderr, /is Luna 1's; it is said as: /);
      assert.ok(told.stderr.includes(now), told.stderr);
    });
  }
});
