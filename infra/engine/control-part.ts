import { loadConfig } from '../config.ts';
import { askSupervisor, type PartAction } from './control.ts';
import type { PartState, PartStatus } from './part.ts';
import { livingState } from './state-file.ts';

/** Asks the supervisor of the instance that `env` describes to start, stop or restart a part; `before` is what that was doing. */
export async function controlPart(env: NodeJS.ProcessEnv, part: string, action: PartAction): Promise<{ before: PartState | undefined; after: PartStatus }> {
  const config = loadConfig(env);
  const before = livingState(config)?.parts.find(({ name }) => name === part)?.state;
  return { before, after: await askSupervisor(config, { action, part }) };
}
