import assert from 'node:assert/strict';
import { test } from 'node:test';
import spectralCore, { type RulesetDefinition } from '@stoplight/spectral-core';
import spectralRulesets from '@stoplight/spectral-rulesets';
import { openApiDocument } from '../../../../infra/api/openapi.ts';
import { apiRoutes } from '../../../../infra/api/routes.ts';

test('passes spectral’s rules for OpenAPI without a remark', async () => {
  const spectral = new spectralCore.Spectral();
  spectral.setRuleset({ extends: [[spectralRulesets.oas as RulesetDefinition, 'recommended']] });

  const remarks = await spectral.run(JSON.stringify(openApiDocument(apiRoutes)));

  assert.deepEqual(remarks.map(({ code, path, message }) => `${String(code)} ${path.join('.')} ${message}`), []);
});

test('names each call once, and says who may call it', () => {
  const ids = apiRoutes.map(({ id }) => id);
  const calls = apiRoutes.map(({ method, path }) => `${method} ${path}`);
  const reads = apiRoutes.filter(({ method }) => method === 'get');

  assert.equal(new Set(ids).size, ids.length);
  assert.equal(new Set(calls).size, calls.length);
  assert.deepEqual(reads.filter(({ role }) => role === 'operator'), []);
});
