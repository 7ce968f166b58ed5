import assert from 'node:assert/strict';
import { afterEach, beforeEach, it, mock } from 'node:test';
import { createWorkBell } from '../../../workers/boot-work.ts';
import { order } from '../../support/boot-http.ts';
import { silentLog } from '../../support/silent-log.ts';

let put: (nodeId: string) => void;
let breakStream: () => void;

function newBell() {
  return createWorkBell((onOrder, onBroken) => {
    put = (nodeId) => { onOrder(order('download', { _id: nodeId })); };
    breakStream = () => { onBroken('gone'); };
    return { stop: () => Promise.resolve() };
  }, silentLog);
}

/** Whether a wait is over, once everything that is due has happened. */
async function isOver(wait: Promise<void>): Promise<boolean> {
  let over = false;
  void wait.then(() => { over = true; });
  await Promise.resolve();
  await Promise.resolve();
  return over;
}

beforeEach(() => { mock.timers.enable({ apis: ['setTimeout'] }); });
afterEach(() => { mock.timers.reset(); });

it('wakes the agents of the node that an order is put for, and no others', async () => {
  const bell = newBell();
  const mine = bell.wait('n1', 25_000);
  const other = bell.wait('n2', 25_000);

  put('n1');

  assert.equal(await isOver(mine), true);
  assert.equal(await isOver(other), false);
});

it('lets nobody wait for an order that came just before', async () => {
  const bell = newBell();

  put('n1');

  assert.equal(await isOver(bell.wait('n1', 25_000)), true);
  assert.equal(await isOver(bell.wait('n1', 25_000)), false);
});

it('lets an agent look again by itself, and no later than it wanted', async () => {
  const bell = newBell();
  const long = bell.wait('n1', 25_000);
  const short = bell.wait('n2', 300);

  mock.timers.tick(300);
  assert.deepEqual([await isOver(long), await isOver(short)], [false, true]);
  mock.timers.tick(9700);

  assert.equal(await isOver(long), true);
});

it('wakes everybody after the stream of orders broke', async () => {
  const bell = newBell();
  const waits = [bell.wait('n1', 25_000), bell.wait('n2', 25_000)];

  breakStream();
  mock.timers.tick(1500);

  assert.deepEqual(await Promise.all(waits.map(isOver)), [true, true]);
});
