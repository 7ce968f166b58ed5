import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRoundTrip } from '../../../../../infra/boot/tftp/round-trip.ts';

describe('the wait for an answer', () => {
  it('is a second while nothing was measured, and doubles', () => {
    const trip = createRoundTrip(5000);

    assert.deepEqual([0, 1, 2, 3].map(trip.waitMs), [1000, 2000, 4000, 5000]);
  });

  it('is never longer than the client asked for', () => assert.equal(createRoundTrip(300).waitMs(9), 300));

  it('follows what was measured, with a margin', () => {
    const trip = createRoundTrip(1000);
    for (let time = 0; time < 50; time += 1) trip.measured(8);

    assert.equal(Math.round(trip.waitMs(0)), 58);
  });

  it('grows with answers that vary', () => {
    const trip = createRoundTrip(5000);
    for (let time = 0; time < 50; time += 1) trip.measured(time % 2 === 0 ? 10 : 210);

    assert.ok(trip.waitMs(0) > 350);
  });
});
