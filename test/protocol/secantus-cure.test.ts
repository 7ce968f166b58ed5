import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../infra/config.ts';
import { documentsPart } from '../../infra/engine/documents.ts';

/** A registry of the engine's own, with a clock of ours, its limits made small. Prints what is left after each step. */
const program = `
from secantus import transactions as t
t._RETRYABLE_RECORD_MAX = 3
t._RETRYABLE_RECORD_LIFETIME_SECONDS = 10
now = [0]
r = t.TransactionRegistry.__new__(t.TransactionRegistry)
r._lock = __import__('threading').RLock()
r._retryable = {}
r._time = lambda: now[0]
def step(at, number):
    now[0] = at
    r.record_retryable(b's', number, b'id', {'ok': 1.0, 'n': number})
    print(at, [k[1] for k in r._retryable], r.retryable_reply(b's', number, b'id')['n'])
for at, number in [(0, 1), (1, 2), (2, 3), (3, 4), (12, 5), (30, 6)]:
    step(at, number)
`;

test('the embedded database forgets retryable writes by age and number, and answers for those it remembers', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'luna-cure-'));
  t.after(() => { rmSync(folder, { recursive: true, force: true }); });
  mkdirSync(join(folder, 'run'));
  const { launch } = documentsPart(loadConfig({ PATH: process.env.PATH, LUNA_CACHE: process.env.LUNA_CACHE, LUNA_DATA: folder, LUNA_CONF: '/dev/null' }));
  if (launch?.command.endsWith('secantusd-py') !== true) {
    t.skip('another database is embedded here');
    return;
  }
  const python = readFileSync(launch.command, 'utf8').split('\n')[0]?.replace(/^#!\s*/, '') ?? '';

  const printed = execFileSync(python, ['-c', program], { encoding: 'utf8', env: { ...process.env, ...launch.env } });

  assert.deepEqual(printed.trim().split('\n'), ['0 [1] 1', '1 [1, 2] 2', '2 [1, 2, 3] 3', '3 [2, 3, 4] 4', '12 [3, 4, 5] 5', '30 [6] 6']);
});
