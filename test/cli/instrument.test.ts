import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cliSuite } from '../support/cli-suite.ts';
import type { Stubbed } from '../support/stub-api.ts';

const node = (name: string, group: string, stage: string | null): object => ({
  name, group, rev: 1, comment: '', osimage: 'compute', switch: null, port: null, localboot: false, setupbmc: true, service: false, boot: [], macs: [],
  interfaces: [{ name: 'BOOTIF', network: 'cluster', ip: `10.30.0.${name.replaceAll(/\D/g, '') || '99'}`, prefix: 16 }],
  status: stage === null ? null : { run: stage === 'failed' ? 'failed' : 'running', stage: stage === 'failed' ? 'unpack' : stage, luna1: null, at: '' },
});
const stubs: Record<string, Stubbed> = {
  'GET /nodes': { json: [node('node1', 'compute', 'download'), node('node2', 'compute', 'failed'), node('node10', 'compute', null), node('login', 'login', null)] },
  'GET /nodes/node1': { json: node('node1', 'compute', 'download') },
  'GET /nodes?raw=1': { json: [{ name: 'node1', _id: 'x' }, { name: 'login', _id: 'y' }] },
  'GET /groups': { json: [{ name: 'compute' }, { name: 'login' }] },
  'GET /groups/compte': { status: 404, error: { code: 'not-found', message: 'there is no group named compte', next: 'luna group list' } },
  'GET /osimages/compute': { json: { name: 'compute', path: '/os', kernver: null, kernopts: 'quiet' } },
};

describe('output as an instrument', () => {
  const cli = cliSuite((call) => stubs[call] ?? (call === 'POST /nodes/change' ? { json: [] } : undefined));
  const out = async (...argv: string[]): Promise<string> => {
    const { stdout, stderr, code } = await cli.run(...argv);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  it('lists names alone', async () => { assert.equal(await out('node', 'list', '-o', 'name'), 'node1\nnode2\nnode10\nlogin\n'); });
  it('lists the nodes of a hostlist', async () => { assert.equal(await out('node', 'list', '@compute!node2', '-o', 'name'), 'node1\nnode10\n'); });
  it('filters by stage', async () => {
    assert.equal(await out('node', 'list', '--stage', 'failed', '-o', 'name'), 'node2\n');
    assert.equal(await out('node', 'list', '--stage', 'none', '-g', 'compute', '-o', 'name'), 'node10\n');
    assert.equal(await out('node', 'list', '--stage', 'download', '-o', 'name'), 'node1\n');
  });
  it('sorts and chooses columns', async () => {
    assert.equal(await out('node', 'list', '--sort', '-name', '--columns', 'name,interfaces.ip', '-o', 'csv'), 'name,interfaces.ip\nnode10,10.30.0.10\nnode2,10.30.0.2\nnode1,10.30.0.1\nlogin,10.30.0.99\n');
  });
  it('gives JSON by -o json and --json alike', async () => {
    const json = await out('node', 'list', '--where', 'name=node1', '-o', 'json');

    assert.deepEqual(JSON.parse(json), [node('node1', 'compute', 'download')]);
    assert.equal(await out('node', 'list', '--where', 'name=node1', '--json'), json);
  });
  it('gives JSON of one object where -o means something else', async () => {
    assert.equal((JSON.parse(await out('osimage', 'show', 'compute', '-o', 'json')) as { path: string }).path, '/os');
    assert.equal(await out('osimage', 'show', 'compute', '-o'), 'quiet\n');
    assert.equal(await out('osimage', 'show', 'compute', '-o', 'yaml'), 'name: compute\npath: /os\nkernver: null\nkernopts: quiet\n');
  });
  it('shows more with -o wide', async () => { assert.match(await out('node', 'list', '-o', 'wide'), /\| Stage +\| Osimage[^]*\| failed at unpack +\|/); });
  it('lists stored documents with --raw', async () => { assert.equal(await out('node', 'list', 'login', '--raw'), '[\n    {\n        "_id": "y",\n        "name": "login"\n    }\n]\n'); });
  it('takes a group for its nodes', async () => {
    await out('node', 'change', '@compute&node[1-5]', '--service', 'y');

    assert.deepEqual(cli.seen().at(-1), { call: 'POST /nodes/change', body: { names: ['node1', 'node2'], changes: { service: true }, each: true } });
  });

  const mistakes: [string[], RegExp, number][] = [
    [['group', 'show', 'compte'], /there is no group named compte\. Did you mean compute\?\nNext: {2}luna group list/, 255],
    [['node', 'lst'], /Did you mean: luna node list\?/, 2],
    [['help', 'node', 'lst'], /Did you mean: luna node list\?/, 2],
    [['help', 'constructor'], /luna constructor is no command/, 2],
    [['nodes', 'list'], /Did you mean: luna node list\?/, 2],
    [['frobnicate'], /luna frobnicate is no command/, 2],
    [['node', 'change', 'node1', '--servcie', 'y'], /--servcie\. Did you mean --service\?/, 2],
    [['node', 'list', '--where', 'grup=x'], /There is no field grup; did you mean group\?/, 2],
    [['node', 'list', '-o', 'xml'], /Expected --output=xml to be one of: table, wide, json, yaml, csv, name/, 2],
  ];
  for (const [argv, message, code] of mistakes) {
    it(`luna ${argv.join(' ')} is answered with what was meant`, async () => {
      const answer = await cli.run(...argv);

      assert.match(answer.stderr.replaceAll(/\n ›\s+/g, '\n'), message);
      assert.equal(answer.code, code);
    });
  }

  it('explains exit codes', async () => { assert.match(await out('help', 'exit-codes'), /^ {4}0 {2}Done\.[^]*255 {2}Refused/); });
  it('explains a command', async () => { assert.match(await out('help', 'node', 'change'), /luna node change/); });
  it('lists as topics only what has commands below', async () => {
    const topics = /TOPICS\n([^]*?)\n\n/.exec(await out('help'))?.[1] ?? '';

    assert.match(topics, /^ {2}node /m);
    assert.doesNotMatch(topics, /^ {2}(up|down|status|power|help) /m);
  });
});
