import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLimiter } from '../../../../infra/boot/limiter.ts';

function limiter(settings: { rate?: number; burst?: number; clients?: number } = {}) {
  const clock = { ms: 0 };
  return { clock, admits: createLimiter({ rate: 10, burst: 3, clients: 2, ...settings, now: () => clock.ms }) };
}

describe('a limiter', () => {
  it('admits a burst, and then as many as the rate allows', () => {
    const { clock, admits } = limiter();

    assert.deepEqual([1, 2, 3, 4].map(() => admits('a')), [true, true, true, false]);
    clock.ms = 100;
    assert.deepEqual([admits('a'), admits('a')], [true, false]);
  });

  it('lets no client use up what is another one\'s', () => {
    const { admits } = limiter({ burst: 1 });
    admits('a');

    assert.equal(admits('b'), true);
  });

  it('saves up no more than a burst', () => {
    const { clock, admits } = limiter();
    admits('a');
    clock.ms = 3_600_000;

    assert.deepEqual([1, 2, 3, 4].map(() => admits('a')), [true, true, true, false]);
  });

  it('takes nothing away when the clock is set back', () => {
    const { clock, admits } = limiter();
    clock.ms = 3_600_000;
    admits('a');
    clock.ms = 0;

    assert.deepEqual([admits('a'), admits('a'), admits('a')], [true, true, false]);
    clock.ms = 100;
    assert.equal(admits('a'), true);
  });

  it('forgets clients not heard for longest when there are too many', () => {
    const { admits } = limiter({ burst: 1 });
    for (const client of ['a', 'b', 'c', 'a', 'd']) admits(client);

    assert.deepEqual([admits('a'), admits('b')], [false, true]);
  });
});
