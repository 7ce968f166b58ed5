import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cliSuite } from '../support/cli-suite.ts';
import { schema12, writeDump } from '../support/luna1-dump.ts';
import type { Stubbed } from '../support/stub-api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const exported = {
  luna: 2, networks: { cluster: { network: '10.30.0.0/16' } },
  groups: { compute: { osimage: 'compute', interfaces: { BOOTIF: { network: 'cluster' } } } },
};
const change = (name: string) => ({ kind: 'node', name, op: 'change', diff: { service: [false, true] } });
const answer = {
  changes: [
    { kind: 'network', name: 'ib', op: 'add', diff: { network: [null, '10.40.0.0/16'] } },
    change('node001'), change('node002'),
    { kind: 'group', name: 'compute', op: 'change', diff: { partscript: ['one', 'one\ntwo'] } },
    { kind: 'node', name: 'old', op: 'remove', diff: {} },
  ],
  consequences: ['Node node001 boots into service mode at its next network boot.'],
};
const trial = { diff: answer.changes.slice(1, 3), consequences: answer.consequences };

let files = '';
before(() => {
  files = temporaryFolder('site');
  writeFileSync(join(files, 'site.yaml'), 'luna: 2\n');
  writeFileSync(join(files, 'nodes.csv'), 'name,mac,ip,rack\nnode001,52:54:00:00:00:01,10.30.0.1,R1\n');
  writeDump(join(files, 'dump'), schema12);
});

describe('the site as a file', () => {
  let nothing = false;
  const cli = cliSuite((call): Stubbed | undefined => {
    if (call.startsWith('GET /site?format=json')) return { json: exported };
    if (call.startsWith('GET /site')) return { text: 'luna: 2\nnodes: {}\n' };
    if (call.startsWith('POST /site')) return { json: nothing ? { changes: [] } : answer };
    return call.includes('dry_run=1') ? { json: trial } : undefined;
  });
  after(() => { nothing = false; });
  const site = (): string => join(files, 'site.yaml');

  it('is exported, with secrets only when asked', async () => {
    assert.equal((await cli.run('export')).stdout, 'luna: 2\nnodes: {}\n');
    assert.deepEqual(JSON.parse((await cli.run('export', '--secrets', '--json')).stdout), exported);
    assert.deepEqual(cli.seen().map(({ call }) => call), ['GET /site?', 'GET /site?format=json&secrets=1']);
  });

  it('is compared: what becomes the same is one entry, and what follows is told', async () => {
    const { stdout, code } = await cli.run('diff', '-f', site());

    assert.equal(stdout, [
      '+ network ib', '    network: 10.40.0.0/16', '~ node node[001-002]', '    service: false → true', '~ group compute', '    partscript: one → (2 lines, 7 characters)', '- node old',
      '', 'Then:', '  Node node001 boots into service mode at its next network boot.', '',
    ].join('\n'));
    assert.equal(code, 1);
    assert.deepEqual(cli.seen(), [{ call: 'POST /site?dry_run=1', body: 'luna: 2\n' }]);
  });

  it('is applied, or tried', async () => {
    const applied = await cli.run('apply', '-f', site(), '--prune');
    const dry = await cli.run('apply', '-f', site(), '--dry-run');

    assert.match(applied.stdout, /\nApplied .*site.yaml: 1 added, 3 changed, 1 removed\.\n$/);
    assert.match(dry.stdout, /\nWould apply .*site.yaml: 1 added, 3 changed, 1 removed\.\n$/);
    assert.deepEqual(cli.seen().map(({ call }) => call), ['POST /site?prune=1', 'POST /site?dry_run=1']);
    assert.equal(applied.code, 0);
  });

  it('is said to be as the file has it', async () => {
    nothing = true;
    const [diff, applied] = [await cli.run('diff', '-f', site()), await cli.run('apply', '-f', site())];
    nothing = false;

    assert.deepEqual([diff.stdout, diff.code], ['', 0]);
    assert.match(applied.stdout, /^Applied .*: nothing\.\n$/);
  });

  it('is taken from a dump of Luna 1, with a report of what is not as it was', async () => {
    const printed = await cli.run('import', 'luna1', join(files, 'dump'), '-o', 'yaml');
    const imported = await cli.run('import', 'luna1', join(files, 'dump'));

    assert.match(printed.stdout, /^luna: 2\ncluster:\n[^]*\nnodes:\n {2}node001:\n {4}group: compute\n/);
    assert.equal(printed.stderr, [
      'Carried over: the cluster, 3 networks, 1 osimage, 1 bmcsetup, 1 switch, 1 otherdev, 1 group, 2 nodes.',
      'Not as it was: osimage compute: tarball: packed by Luna 1: pack it again with luna osimage pack',
      'Not as it was: node lost: group: its group is gone, so the node was left out',
      '',
    ].join('\n'));
    assert.deepEqual(cli.seen().map(({ call }) => call), ['POST /site?']);
    assert.match(imported.stdout, /\nImported: 1 added, 3 changed, 1 removed\.\n$/);
  });

  it('takes nodes of a table along, or only tells what would come of it', async () => {
    const { stdout, stderr } = await cli.run('import', 'csv', join(files, 'nodes.csv'), '-g', 'compute', '--dry-run');
    const asJson = await cli.run('import', 'csv', join(files, 'nodes.csv'), '-g', 'compute', '-o', 'json');

    const file = { luna: 2, nodes: { node001: { group: 'compute', comment: 'rack=R1', addresses: { BOOTIF: '10.30.0.1' }, mac: '52:54:00:00:00:01' } } };
    assert.deepEqual(cli.seen().find(({ call }) => call.startsWith('POST')), { call: 'POST /site?dry_run=1', body: file });
    assert.match(stderr, /^Carried over: 1 node\.\nNot as it was: node node001: rack: luna has no such field: kept in the comment\n$/);
    assert.match(stdout, /\nWould import: /);
    assert.deepEqual(JSON.parse(asJson.stdout), file);
  });

  it('tells what a trial found', async () => {
    const { stdout, code } = await cli.run('power', 'node[001-002]', 'off', '--dry-run');
    const asJson = await cli.run('undo', '3f9a02c41b', '--dry-run', '--json');

    assert.equal(stdout, 'Would change:\n  node node[001-002]  service: no → yes\n\nThen:\n  Node node001 boots into service mode at its next network boot.\n');
    assert.deepEqual(JSON.parse(asJson.stdout), trial);
    assert.deepEqual(cli.seen().map(({ call }) => call), ['POST /power?dry_run=1', 'POST /changes/3f9a02c41b/undo?dry_run=1']);
    assert.equal(code, 0);
  });
});

/** Commands that only look, and those that do something to controllers alone. */
const LOOKS = /(^|:)(list|show|status|history|log|export|diff|help|console|audit|events|fingerprint|listmacs|leases|trace|swarm)$/;
const HERE = /^(up|down|service|lab:.*|osimage:chroot|completion.*|.*:sync)$/;

it('every command that changes something has --dry-run', async () => {
  const commands = join(import.meta.dirname, '../../cli/commands');
  const without: string[] = [];
  for (const path of readdirSync(commands, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const id = path.replace(/(\/index)?\.ts$/, '').replaceAll('/', ':');
    if (LOOKS.test(id) || HERE.test(id)) continue;
    const { default: command } = await import(join(commands, path)) as { default: { flags?: object; baseFlags?: object } };
    if (!['dry-run', 'dry_run'].some((name) => name in { ...command.baseFlags, ...command.flags })) without.push(id);
  }
  assert.deepEqual(without, []);
});
