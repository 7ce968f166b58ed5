import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Config, loadConfig } from '../../infra/config.ts';

/** An empty instance of luna in a temporary folder, removed after the test. Nothing of the machine's own configuration leaks in. */
export function temporaryInstance(t: TestContext, env: Record<string, string> = {}): { env: Record<string, string>; config: Config } {
  const folder = mkdtempSync(join(tmpdir(), 'luna-test-'));
  t.after(() => { rmSync(folder, { recursive: true, force: true }); });
  const own = { LUNA_DATA: join(folder, 'data'), LUNA_CONF: '/dev/null', LUNA_CACHE: join(folder, 'cache'), PATH: process.env.PATH ?? '', ...env };
  return { env: own, config: loadConfig(own) };
}
