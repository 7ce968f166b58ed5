import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createImageActivities } from '../../../activities/image.ts';
import { LunaError } from '../../../domain/errors.ts';
import { osimageSchema } from '../../../domain/osimage.ts';

const osimage = osimageSchema.parse({ _id: 'i1', rev: 1, name: 'compute', path: '/srv/compute' });
const errno = (code: string): Error => Object.assign(new Error(`${code}: file`), { code, errno: -1 });

for (const [what, error, isFinal] of [
  ['a full disk', errno('ENOSPC'), true],
  ['a file that is gone', errno('ENOENT'), false],
  ['a tree that lacks something', new LunaError('invalid', 'no kernel'), true],
  ['a program that failed', Object.assign(new Error('tar exited 2'), { name: 'CommandFailed' }), true],
  ['the store', new Error('no connection'), false],
] as const) {
  test(`packing ${isFinal ? 'fails at once' : 'is tried again'} for ${what}`, async () => {
    const { packOsimage } = createImageActivities({ osimage: () => Promise.resolve(osimage), pack: () => Promise.reject(error), publish: () => Promise.resolve() });

    await assert.rejects(new MockActivityEnvironment().run(packOsimage, { osimageId: 'i1', osimageName: 'compute' }), (failure: unknown) => failure instanceof ApplicationFailure && failure.nonRetryable === isFinal);
  });
}
