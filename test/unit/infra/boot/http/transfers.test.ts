import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { watchTransfers, type Transfers } from '../../../../../infra/boot/http/transfers.ts';

let clock = 0;
let transfers: Transfers;
let cut: string[] = [];

beforeEach(() => {
  mock.timers.enable({ apis: ['setInterval'] });
  [clock, cut] = [0, []];
  transfers = watchTransfers({ leastBytes: 1000, spanMs: 60_000, now: () => clock });
});
afterEach(() => {
  transfers.stop();
  mock.timers.reset();
});

/** Lets seconds pass, one after the other. */
function pass(seconds: number, each: () => void = () => undefined): void {
  for (let i = 0; i < seconds; i += 1) {
    clock += 1000;
    each();
    mock.timers.tick(1000);
  }
}

test('cuts off a client that takes nothing', () => {
  transfers.begin(() => cut.push('still'), () => 0).handed = 500;

  pass(80);

  assert.deepEqual(cut, ['still']);
});

test('leaves a client alone that takes little, but enough', () => {
  const slow = transfers.begin(() => cut.push('slow'), () => 0);

  pass(600, () => { slow.handed += 20; });

  assert.deepEqual(cut, []);
});

test('does not count what waits in the kernel', () => {
  let waiting = 0;
  const asleep = transfers.begin(() => cut.push('asleep'), () => waiting);

  pass(80, () => {
    asleep.handed += 50_000;
    waiting += 50_000;
  });

  assert.deepEqual(cut, ['asleep']);
});

test('counts what the client takes from a kernel that is full', () => {
  let waiting = 1_000_000;
  transfers.begin(() => cut.push('steady'), () => waiting).handed = 1_000_000;

  pass(600, () => { waiting -= 20; });

  assert.deepEqual(cut, []);
});

test('forgets a transfer that has ended', () => {
  const over = transfers.begin(() => cut.push('over'), () => 0);
  assert.equal(transfers.count, 1);

  over.end();
  pass(200);

  assert.deepEqual([transfers.count, cut], [0, []]);
});
