import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createPool, type Pool, type PoolSettings } from '../../../../../infra/boot/dhcp/pool.ts';

let clock: number;
let taken: Set<number>;
let pool: Pool;

const settings: PoolSettings = { first: 100, last: 103, isTaken: (ip) => taken.has(ip), now: () => clock, holdMs: 60, quarantineMs: 600 };

/** What the server does for a DISCOVER. */
function offer(mac: string): number | null {
  const ip = pool.candidate(mac);
  if (ip !== null) pool.hold(mac, ip);
  return ip;
}

beforeEach(() => {
  clock = 1000;
  taken = new Set();
  pool = createPool(settings);
});

describe('a pool', () => {
  it('never offers one address to two machines', () => {
    assert.deepEqual(['a', 'b', 'c', 'd'].map(offer), [100, 101, 102, 103]);
  });

  it('offers a machine the same address each time it asks', () => {
    offer('a');
    offer('b');

    assert.deepEqual([offer('a'), offer('b')], [100, 101]);
  });

  it('takes nothing by looking', () => {
    assert.equal(pool.candidate('a'), 100);
    assert.equal(pool.candidate('b'), 100);
    assert.equal(pool.bound('a'), null);
  });

  it('leaves out addresses that declared objects claim', () => {
    taken = new Set([100, 102]);

    assert.deepEqual(['a', 'b', 'c'].map(offer), [101, 103, null]);
  });

  it('no longer takes an address for a machine’s once it is claimed', () => {
    offer('a');
    taken.add(100);

    assert.equal(pool.bound('a'), null);
    assert.equal(offer('a'), 101);
  });

  it('has nothing when all are out, and something again when an offer has run out', () => {
    ['a', 'b', 'c', 'd'].map(offer);
    assert.equal(offer('e'), null);

    clock += 60;

    assert.equal(offer('e'), 100);
    assert.equal(pool.bound('a'), null);
  });

  it('keeps a lease beyond the time of an offer', () => {
    for (const mac of ['a', 'b', 'c', 'd']) pool.commit(mac, offer(mac) ?? 0, clock + 1000);
    clock += 999;
    assert.equal(offer('e'), null);

    clock += 1;

    assert.equal(offer('e'), 100);
  });

  it('gives up the lease that ran out first', () => {
    for (const mac of ['a', 'b', 'c', 'd']) pool.commit(mac, offer(mac) ?? 0, clock + 1000);
    clock += 500;
    pool.commit('a', 100, clock + 1000);
    clock += 600;

    assert.equal(offer('e'), 101);
    assert.equal(pool.bound('a'), 100);
  });

  it('gives a machine its expired address back while nobody else needed it', () => {
    pool.commit('a', 100, clock + 1000);
    clock += 5000;

    assert.equal(offer('b'), 101);
    assert.equal(offer('a'), 100);
  });

  it('does not shorten a lease by another offer', () => {
    pool.commit('a', 100, clock + 1000);
    offer('a');
    clock += 500;
    ['b', 'c', 'd'].map(offer);

    assert.equal(offer('e'), null);
  });

  it('gives released addresses away when the others are out', () => {
    ['a', 'b', 'c', 'd'].map(offer);
    assert.equal(pool.release('b', 101), true);

    assert.equal(offer('e'), 101);
  });

  it('lets nobody release or decline what is not theirs', () => {
    offer('a');

    assert.equal(pool.release('b', 100), false);
    assert.equal(pool.decline('b', 100), false);
    assert.equal(pool.bound('a'), 100);
  });

  it('keeps a declined address out of play for its quarantine', () => {
    offer('a');
    pool.decline('a', 100);
    assert.deepEqual(['a', 'b', 'c', 'd'].map(offer), [101, 102, 103, null]);

    for (const [mac, ip] of [['a', 101], ['b', 102], ['c', 103]] as const) pool.commit(mac, ip, clock + 10_000);
    clock += 600;

    assert.equal(offer('d'), 100);
  });

  it('finds an address again whose claim was withdrawn', () => {
    taken.add(100);
    ['a', 'b', 'c'].map((mac) => pool.commit(mac, offer(mac) ?? 0, clock + 1_000_000));
    assert.equal(offer('d'), null);

    taken.clear();
    clock += 10_000;

    assert.equal(offer('d'), 100);
  });

  it('starts from leases and leaves out those beyond its bounds', () => {
    pool = createPool(settings, [{ mac: 'a', ip: 101, until: 2000 }, { mac: 'b', ip: 99, until: 2000 }]);

    assert.equal(pool.bound('a'), 101);
    assert.equal(pool.bound('b'), null);
    assert.deepEqual(['c', 'd'].map(offer), [100, 102]);
    assert.deepEqual(pool.leases(), [{ mac: 'a', ip: 101, until: 2000 }]);
  });

  it('serves sixty thousand machines without growing slower', () => {
    pool = createPool({ ...settings, first: 0, last: 65_000 });
    for (let machine = 0; machine < 60_000; machine += 1) pool.commit(`m${machine}`, offer(`m${machine}`) ?? -1, clock + 1000);

    assert.equal(pool.leases().length, 60_000);
    assert.equal(offer('m59999'), 59_999);
  });
});
