import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { siteSchema } from '../../../../infra/api/routes/site.ts';

const project = join(import.meta.dirname, '../../../..');

test('publishes the schema that the API reads by (after a change: node scripts/site-schema.ts)', () => {
  const published = JSON.parse(readFileSync(join(project, 'docs/site.schema.json'), 'utf8')) as unknown;

  assert.deepEqual(published, JSON.parse(JSON.stringify(siteSchema())));
});

test('accepts by its schema what it exports, and refuses a misspelt field', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile(siteSchema());
  const site = parse(readFileSync(join(project, 'test/fixtures/site/site.yaml'), 'utf8')) as Record<string, Record<string, object>>;

  assert.equal(validate(site), true, JSON.stringify(validate.errors));
  Object.assign(site['cluster'] ?? {}, { frontend_adress: '10.30.0.1' });
  assert.equal(validate(site), false);
});
