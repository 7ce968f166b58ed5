import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { documentsPart } from '../../../../infra/engine/documents.ts';
import { temporalPart } from '../../../../infra/engine/temporal.ts';
import { temporaryInstance } from '../../../support/instance.ts';

/** An instance whose PATH holds these programs alone. */
function instanceWith(t: TestContext, programs: string[], env: Record<string, string> = {}) {
  const bin = mkdtempSync(join(tmpdir(), 'luna-bin-'));
  t.after(() => { rmSync(bin, { recursive: true }); });
  for (const name of programs) writeFileSync(join(bin, name), '#!/bin/sh\n', { mode: 0o755 });
  return { bin, config: temporaryInstance(t, { PATH: bin, ...env }).config };
}

test('starts Temporal with a database file, its Web UI and the search attributes', (t) => {
  const { bin, config } = instanceWith(t, ['temporal'], { LUNA_TEMPORAL_PORT: '17233', LUNA_TEMPORAL_UI_PORT: '18233' });

  const { launch, addresses, claims } = temporalPart(config);

  assert.equal(launch?.command, join(bin, 'temporal'));
  const line = launch.args.join(' ');
  assert.match(line, new RegExp(`^server start-dev --db-filename ${config.dataDir}/temporal/temporal.db --ip 127.0.0.1 --port 17233 --ui-port 18233 `));
  for (const name of ['LunaNode', 'LunaGroup', 'LunaImage', 'LunaStage']) assert.match(line, new RegExp(`--search-attribute ${name}=Keyword`));
  assert.deepEqual(addresses, ['tcp://127.0.0.1:17233', 'http://127.0.0.1:18233']);
  assert.deepEqual(claims.map((claim) => claim.port), [17233, 18233]);
});

test('starts neither engine when the site has its own', (t) => {
  const { config } = instanceWith(t, [], { LUNA_TEMPORAL_ADDRESS: 'temporal.site:7233', LUNA_MONGODB_URI: 'mongodb://luna:s3cret@db1:27018,db2/?replicaSet=luna' });

  const parts = [temporalPart(config), documentsPart(config)];

  assert.deepEqual(parts.map((part) => [part.launch, part.claims]), [[undefined, []], [undefined, []]]);
  assert.deepEqual(parts.flatMap((part) => part.addresses), ['tcp://temporal.site:7233', 'tcp://db1:27018']);
});

test('prefers a mongod on PATH, as a replica set', (t) => {
  const { bin, config } = instanceWith(t, ['mongod', 'secantusd-py']);

  const { launch } = documentsPart(config);

  assert.equal(launch?.command, join(bin, 'mongod'));
  assert.deepEqual(launch.args, ['--dbpath', join(config.dataDir, 'documents/mongod'), '--bind_ip', '127.0.0.1', '--port', '27017', '--replSet', 'luna']);
});

test('stays with the engine that holds the data when a mongod is installed later', (t) => {
  const { bin, config } = instanceWith(t, ['secantusd-py']);
  documentsPart(config);
  writeFileSync(join(bin, 'mongod'), '#!/bin/sh\n', { mode: 0o755 });

  assert.equal(documentsPart(config).launch?.command, join(bin, 'secantusd-py'));
});

test('takes its settings from nowhere but its arguments', (t) => {
  const { config } = instanceWith(t, ['secantusd-py']);
  mkdirSync(config.dataDir, { recursive: true });

  const args = documentsPart(config).launch?.args ?? [];

  assert.deepEqual(args.slice(0, 2), ['--config', join(config.dataDir, 'documents/secantusd.toml')]);
});
