import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
    for (const part of ['temporal', 'documents', 'api', 'boot', 'seeder', 'lifecycle', 'images']) assert.match(first.stdout, new RegExp(`^${part} +ready`, 'm'));
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
