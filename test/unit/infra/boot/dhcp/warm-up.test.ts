import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { warmUp } from '../../../../../infra/boot/dhcp/warm-up.ts';

describe('made-up boots', () => {
  it('are answered without a failure, and come to an end', () => assert.doesNotReject(warmUp(() => false)));

  it('stop when they are told to', async () => {
    let asked = 0;

    await warmUp(() => {
      asked += 1;
      return asked > 3;
    });

    assert.equal(asked, 4);
  });
});
