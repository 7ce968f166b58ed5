import assert from 'node:assert/strict';
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Lease } from '../../../../../infra/boot/dhcp/deps.ts';
import { openLeaseFile } from '../../../../../infra/boot/dhcp/lease-file.ts';
import { recordedLog } from '../../../../support/recorded-log.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { until } from '../../../../support/until.ts';

const lease = (mac: string, ip: string, at = '2026-01-01T00:00:00.000Z'): Lease => ({ mac, networkId: 'n1', ip, at, expires: '2026-01-01T01:00:00.000Z' });
const [a, b] = [lease('52:54:00:00:00:0a', '10.0.0.1'), lease('52:54:00:00:00:0b', '10.0.0.2')];

/** A database that writes down what it is told, unless it is away. */
function database() {
  const followed: (readonly Lease[])[] = [];
  const state = { away: false };
  const follow = (leases: readonly Lease[]): Promise<void> => {
    if (state.away) return Promise.reject(new Error('the database is away'));
    followed.push(leases);
    return Promise.resolve();
  };
  return { followed, state, follow, log: recordedLog() };
}

describe('leases in a file', () => {
  it('reach the database by themselves, and their file is taken away', async () => {
    const folder = temporaryFolder('lease-file');
    const { followed, follow, log } = database();
    const file = await openLeaseFile({ folder, follow, log });
    const [first] = readdirSync(folder);

    await file.append([a, b]);
    await until(() => followed.length > 0 && !readdirSync(folder).includes(String(first)));
    await file.stop();

    assert.deepEqual(followed, [[a, b]]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('are there after a process that was killed while the database was away', async () => {
    const folder = temporaryFolder('lease-file');
    const { state, follow, log } = database();
    state.away = true;
    const killed = await openLeaseFile({ folder, follow, log });
    await killed.append([a]);
    await killed.append([b]);

    const next = database();
    const again = await openLeaseFile({ ...next, folder });

    assert.deepEqual(again.left, [a, b]);
    await until(() => next.followed.length > 0);
    assert.deepEqual(next.followed, [[a, b]]);
    await Promise.all([again.stop(), killed.stop()]);
  });

  it('are read up to a line that a crash cut short, and behind it', async () => {
    const folder = temporaryFolder('lease-file');
    const { state, follow, log } = database();
    state.away = true;
    const killed = await openLeaseFile({ folder, follow, log });
    await killed.append([a]);
    for (const name of readdirSync(folder)) appendFileSync(join(folder, name), JSON.stringify(b).slice(0, 30));
    await killed.append([b]);

    const again = await openLeaseFile({ folder, follow, log });

    assert.deepEqual(again.left, [a, b]);
    await Promise.all([again.stop(), killed.stop()]);
  });

  it('wait for a database that is away, which is said once, and only the newest of an address is handed on', async () => {
    const folder = temporaryFolder('lease-file');
    const { followed, state, follow, log } = database();
    state.away = true;
    const file = await openLeaseFile({ folder, follow, log });
    await file.append([a]);
    await until(() => log.events.some(({ event }) => event === 'dhcp.leases-not-followed'));
    const newer = lease(a.mac, a.ip, '2026-01-01T00:30:00.000Z');

    await file.append([lease(b.mac, a.ip, '2026-01-01T00:20:00.000Z')]);
    await file.append([newer]);
    state.away = false;
    await until(() => followed.length >= 2);
    await file.stop();

    assert.deepEqual(followed, [[a], [newer]]);
    assert.equal(log.events.filter(({ event }) => event === 'dhcp.leases-not-followed').length, 1);
  });

  it('that can’t be written are refused', async () => {
    const { follow, log } = database();

    await assert.rejects(openLeaseFile({ folder: '/dev/null/leases', follow, log }), /ENOTDIR/);
  });
});
