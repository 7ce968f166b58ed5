import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { projectRoot } from '../../infra/root.ts';
import type { InstanceStatus } from '../../infra/engine/status.ts';

const luna = join(projectRoot, 'cli', 'bin', 'luna');

interface Ended { code: number; stdout: string; stderr: string }

function run(folder: string, command: string, args: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: folder, LUNA_DATA: join(folder, 'data'), LUNA_CONF: '/dev/null', ...(process.env.LUNA_CACHE ? { LUNA_CACHE: process.env.LUNA_CACHE } : {}) };
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: 180_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}

describe('a whole luna on one machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'luna-instance-'));
  // A network namespace of its own, so that the usual ports are free whatever else runs here.
  const up = (...flags: string[]) => run(folder, 'unshare', ['--net', 'sh', '-c', 'ip link set lo up && exec "$0" up "$@"', luna, ...flags]);
  const call = (...args: string[]) => run(folder, luna, args);
  const status = async () => JSON.parse((await call('status', '--json')).stdout) as InstanceStatus;
  let first: Ended;

  before(async () => { first = await up(); });
  after(async () => {
    await call('down');
    rmSync(folder, { recursive: true, force: true });
  });

  it('returns when every part is ready, and names each', () => {
    assert.equal(first.code, 0, first.stderr);
    for (const part of ['temporal', 'documents', 'api', 'boot', 'dns', 'seeder', 'lifecycle', 'images']) assert.match(first.stdout, new RegExp(`^${part} +ready`, 'm'));
    assert.match(first.stdout, /http:\/\/127\.0\.0\.1:8233/);
  });

  it('shows each part with its process, address and health', async () => {
    const { phase, parts } = await status();

    assert.equal(phase, 'ready');
    assert.deepEqual(parts.filter((part) => !part.health.ok || !part.pid), []);
    assert.equal((await call('status')).code, 0);
  });

  it('is content to be up already', async () => {
    const again = await up();

    assert.equal(again.code, 0);
    assert.match(again.stdout, /up already/);
  });

  it('brings back a part that was killed', async () => {
    const { pid } = (await status()).parts.find((part) => part.name === 'api') ?? {};
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');

    const end = Date.now() + 60_000;
    let api = (await status()).parts.find((part) => part.name === 'api');
    while ((api?.pid === pid || api?.state !== 'ready') && Date.now() < end) api = (await status()).parts.find((part) => part.name === 'api');

    assert.equal(api?.state, 'ready');
    assert.equal(api.restarts, 1);
    assert.equal((await call('node', 'list', '--json')).code, 0);
  });

  it('keeps one log for each process, of JSON lines', () => {
    const lines = readFileSync(join(folder, 'data', 'log', 'lifecycle.log'), 'utf8').trim().split('\n');

    const events = lines.map((line) => (JSON.parse(line) as { event?: string }).event);
    assert.ok(events.includes('process.ready'));
  });

  it('writes a BMC password nowhere in clear: not into the database, nor into Temporal, nor a log', async () => {
    const [password, file] = ['Hush7391', join(folder, 'password')];
    writeFileSync(file, `${password}\n`);
    const tree = join(folder, 'tree');
    mkdirSync(tree);
    for (const line of [
      'cluster init --frontend_address 10.30.255.254', 'network add cluster -N 10.30.0.0 -P 16', 'network add ipmi -N 10.31.0.0 -P 16', `osimage add compute -p ${tree}`,
      `bmcsetup add base --password-file ${file}`, 'group add compute -o compute -N cluster -b base --bmcnetwork ipmi', 'node add node001 -g compute',
    ]) {
      const { code, stderr } = await call(...line.split(' '));
      assert.equal(code, 0, `luna ${line}\n${stderr}`);
    }

    const power = await call('power', 'node001', 'status');
    const provision = await call('provision', 'node001');
    const shown = [power, provision, await call('bmcsetup', 'show', 'base', '--raw'), await call('history'), await call('audit'), await call('export')];

    assert.notEqual(power.code + provision.code, 0);
    assert.deepEqual(shown.filter(({ stdout, stderr }) => `${stdout}${stderr}`.includes(password)), []);
    const files = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    assert.ok(files.some((name) => name.includes('temporal') && !name.endsWith('.log') && readFileSync(name).includes('node001')), 'what is in Temporal can be read');
    assert.deepEqual(files.filter((name) => readFileSync(name).includes(password)), []);
  });

  it('answers elsewhere by TLS, known by its fingerprint', async () => {
    const [{ stdout: fingerprint }, { stdout: address }] = [await call('fingerprint'), await call('status')];
    const env = { PATH: process.env.PATH, HOME: folder, LUNA_API: 'https://127.0.0.1:7051', LUNA_TOKEN_FILE: join(folder, 'data', 'token'), LUNA_API_FINGERPRINT: fingerprint.trim() };
    const supervisor = (await status()).supervisor;

    const { stdout } = await new Promise<{ stdout: string }>((resolve) => {
      execFile('nsenter', ['--net', '--target', String(supervisor), luna, 'node', 'list', '-o', 'name'], { env, timeout: 60_000 }, (_error, out) => { resolve({ stdout: out }); });
    });

    assert.match(address, /https:\/\/127\.0\.0\.1:7051/);
    assert.equal(stdout, 'node001\n');
  });

  it('stops everything, and says afterwards that it is not running', async () => {
    const down = await call('down');
    const later = await call('status');
    const refused = await call('node', 'list');

    assert.equal(down.code, 0, down.stderr);
    assert.match(down.stdout, /^luna is down\.$/m);
    assert.doesNotMatch(down.stdout, /Killed/);
    assert.equal(later.code, 3);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /Error: luna is not running: nothing answers at .*api\.sock\.\nNext: {2}luna up/);
  });
});
