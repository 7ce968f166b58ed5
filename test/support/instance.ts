import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Config, loadConfig } from '../../infra/config.ts';

/** An instance's environment, and the configuration it amounts to. */
export interface Instance { env: Record<string, string>; config: Config }

/**
 * An empty instance of luna in a temporary folder, which is removed after the test, when `stop` has ended what runs
 * there. Nothing of the machine's own configuration leaks in.
 */
export function temporaryInstance(t: TestContext, env: Record<string, string> = {}, stop?: (instance: Instance) => Promise<unknown>): Instance {
  const folder = mkdtempSync(join(tmpdir(), 'luna-test-'));
  const own = { LUNA_DATA: join(folder, 'data'), LUNA_CONF: '/dev/null', LUNA_CACHE: join(folder, 'cache'), PATH: process.env.PATH ?? '', ...env };
  const instance = { env: own, config: loadConfig(own) };
  t.after(async () => {
    await stop?.(instance);
    rmSync(folder, { recursive: true, force: true });
  });
  return instance;
}
