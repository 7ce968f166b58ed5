import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LunaStage } from '../../../domain/stages.ts';
import { isSuperseded } from '../../../domain/superseded.ts';
import { order } from '../../support/boot-http.ts';

const done = (stage: LunaStage) => ({ bootId: 'boot1', stage, status: 'ok' as const });

describe('a stage that runs on the node', () => {
  test('goes on while its row is waited for', () => {
    assert.equal(isSuperseded(order('download', { attempt: 2 }), { stage: 'download', attempt: 1 }, []), false);
  });

  test('ends when its row was skipped', () => {
    assert.equal(isSuperseded(order('unpack'), { stage: 'download', attempt: 1 }, [done('partition')]), true);
  });

  test('ends when an operator has its row run again', () => {
    assert.equal(isSuperseded(order('download', { attempt: 101 }), { stage: 'download', attempt: 2 }, []), true);
  });

  test('goes on when it is run again because the machine restarted', () => {
    assert.equal(isSuperseded(order('unpack'), { stage: 'partition', attempt: 2 }, [done('partition')]), false);
  });

  test('of a later row than the one that is waited for goes on', () => {
    assert.equal(isSuperseded(order('partition'), { stage: 'download', attempt: 1 }, []), false);
  });
});
