import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { parseBody } from '../../../../infra/api/body.ts';
import { refused } from '../../../support/refused.ts';

const schema = z.strictObject({
  name: z.string(),
  port: z.number().optional(),
  place: z.strictObject({ rack: z.string(), height: z.number().nullable().optional() }).optional(),
});

test('returns what fits the schema', () => {
  assert.deepEqual(parseBody(schema, { name: 'a', place: { rack: 'r1' } }), { name: 'a', place: { rack: 'r1' } });
});

test('takes a missing body for an empty one', () => {
  assert.deepEqual(parseBody(z.strictObject({}), undefined), {});
});

test('names every wrong field, and for unknown ones those that are known', () => {
  const table: [unknown, RegExp][] = [
    [undefined, /^name is missing$/],
    [{ name: 'a', prot: 1, x: 2 }, /^unknown fields: prot, x; known are name, port, place$/],
    [{ name: 3, port: 'x' }, /^name: expected string, received number; port: expected number, received string$/],
    [{ name: 'a', place: { rak: 'r1' } }, /^place\.rack is missing; unknown field of place: rak; known are rack, height$/],
    [null, /^name is missing$/],
    ['text', /^the body: expected object, received string$/],
  ];
  for (const [body, words] of table) assert.throws(() => parseBody(schema, body), refused('invalid', words));
});
