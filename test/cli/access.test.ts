import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { servedSite } from '../support/api.ts';
import { Cli } from '../support/cli.ts';
import type { CliAnswer } from '../support/cli-host.ts';

let cli: Cli;
const site = servedSite({
  async prepare({ folder, call }) {
    cli = new Cli(folder);
    await call('POST', '/nodes', { names: ['node001'], group: 'compute' });
  },
});
after(() => cli?.stop());

const luna = async (...argv: string[]): Promise<CliAnswer> => {
  const answer = await cli.run(...argv);
  assert.equal(answer.code, 0, `luna ${argv.join(' ')}\n${answer.stderr}`);
  return answer;
};

/** A CLI on another machine: by TLS, with a token. The caller stops it. */
function elsewhere(secret: string, fingerprint: string): Cli {
  const { folder, port } = site.api();
  writeFileSync(join(folder, 'their.token'), secret);
  return new Cli('/absent', { LUNA_API: `https://127.0.0.1:${port}`, LUNA_TOKEN_FILE: join(folder, 'their.token'), LUNA_API_FINGERPRINT: fingerprint });
}

test('makes a token that works elsewhere until it is revoked', async (t) => {
  const { stdout: secret, stderr } = await luna('token', 'add', 'monitoring', '--role', 'viewer', '--expires', '30d');
  const { stdout: fingerprint } = await luna('fingerprint');
  const there = elsewhere(secret, fingerprint.trim());
  t.after(() => there.stop());

  assert.match(secret, /^luna_[\w-]{43}\n$/);
  assert.match(stderr, new RegExp(`LUNA_API_FINGERPRINT=${fingerprint.trim()}`));
  assert.match((await luna('token', 'list')).stdout, /\| monitoring +\| viewer +\|/);
  assert.equal((await there.run('node', 'list', '-o', 'name')).stdout, 'node001\n');
  const refused = await there.run('node', 'delete', 'node001');
  assert.equal(refused.code, 255);
  assert.match(refused.stderr, /^Error: monitoring has the role viewer; \w+ \/nodes\/\S+ needs admin\nNext: {2}luna token list\n$/);

  await luna('token', 'revoke', 'monitoring');
  const later = await there.run('node', 'list');
  assert.match(later.stderr, /^Error: the token is wrong or revoked\nNext: {2}luna token add NAME --role ROLE, on the controller\n$/);
});

test('does not talk to a controller with another certificate', async (t) => {
  const other = 'AB'.repeat(32);
  const there = elsewhere('secret', other);
  t.after(() => there.stop());

  const { code, stderr } = await there.run('node', 'list');

  assert.equal(code, 255);
  assert.match(stderr, new RegExp(`has the fingerprint ${site.api().tls.fingerprint}, and LUNA_API_FINGERPRINT is ${other}\\. Nothing was sent\\.\nNext: {2}on the controller: luna fingerprint;`));
});

test('shows changes and refused changes in the audit', async () => {
  await luna('node', 'change', 'node001', '--service', 'y');
  await cli.run('node', 'change', 'node007', '--service', 'y');

  const { stdout } = await luna('audit', '--limit', '2');
  const refused = await luna('audit', '--refused', '--by', 'root', '--limit', '1', '-o', 'csv');

  assert.match(stdout, /\| root +\| POST \/nodes\/change|\| root +\| PATCH \/nodes\/node007 +\| 404 +\| there is no node named node007/);
  assert.match(refused.stdout, /^Time,Who,Call,Answer,Why refused\n.*root,.* \/nodes\/(node007|change),404,there is no node named node007\n$/);
});

test('tells events from any place of the stream', async () => {
  const all = (await luna('events', '--after', '0.0', '--until-now')).stdout.trim().split('\n');
  const place = all.at(-2)?.split(' ')[0] ?? '';
  const rest = (await luna('events', '--after', place, '--until-now', '--json')).stdout.trim().split('\n');

  assert.match(all.at(-1) ?? '', /^\d+\.\d+ .* root {2}node node001 {2}service: no → yes$/);
  assert.equal(rest.length, 1);
  assert.deepEqual((JSON.parse(rest[0] ?? '') as { diff: object }).diff, { service: [false, true] });
});

test('seals the secrets with a new key', async () => {
  assert.equal((await luna('secrets', 'rotate')).stdout, 'Sealed 2 secrets with a new key. Back the new key file up.\n');
});

test('takes a community and a password from a file', async () => {
  const file = join(site.api().folder, 'community');
  writeFileSync(file, 'from-a-file\nrest\n');

  await luna('switch', 'change', 'switch01', '--read-file', file);
  await luna('bmcsetup', 'change', 'base', '--password-file', file);

  assert.deepEqual((await luna('history', 'switch', 'switch01', '--limit', '1')).stdout.trim().split('\n').at(-1)?.trim(), 'switch switch01  read: changed');
  assert.match((await luna('history', 'bmcsetup', 'base', '--limit', '1')).stdout, /password: changed/);
});

test('lets nobody overwrite what another changed while his editor was open, and keeps what he typed', async () => {
  const { folder, call } = site.api();
  const [script, open, go] = ['editor.sh', 'open', 'go'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(script, `echo 'mount /dev/sda1 /sysroot # mine' > "$1"; touch ${open}; while [ ! -e ${go} ]; do sleep 0.05; done\n`);
  const line = [process.execPath, join(import.meta.dirname, '../support/cli-once.ts'), 'group', 'change', 'compute', '--partscript'].join(' ');
  const env = { ...process.env, LUNA_DATA: folder, NODE_ENV: 'production', NO_COLOR: '1', EDITOR: `sh ${script}`, VISUAL: '', TERM: 'xterm' };
  const child = spawn('script', ['-qefc', line, '/dev/null'], { env });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  for (const end = Date.now() + 20_000; !existsSync(open) && Date.now() < end;) await sleep(20);

  await call('PATCH', '/groups/compute', { partscript: 'mount /dev/sda1 /sysroot # theirs' });
  writeFileSync(go, '');
  const [code] = (await once(child, 'close')) as [number];

  assert.equal(code, 255, output);
  const [, kept = ''] = /group compute was changed meanwhile \(revision 1, not 0\)\. What was typed is kept in (\S+)\r?\nNext: +luna group show compute, then the same command with --file \1/.exec(output) ?? [];
  assert.equal(readFileSync(kept, 'utf8'), 'mount /dev/sda1 /sysroot # mine\n');
  rmSync(dirname(kept), { recursive: true });
  assert.match((await call('GET', '/groups/compute')).text, /# theirs/);
});
