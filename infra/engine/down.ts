import { LunaError } from '../../domain/errors.ts';
import { loadConfig } from '../config.ts';
import { stopLeftovers } from './leftovers.ts';
import { sendSignal, waitGone } from './process-identity.ts';
import { livingState, readState } from './state-file.ts';

/** What was stopped. `killed` names the parts that did not stop in time; `leftovers` those a crashed supervisor had left. */
export interface DownResult { wasRunning: boolean; killed: string[]; leftovers: string[] }

/** Workers and engines have 12 s each; then they are killed. */
const deadlineMs = 40_000;

/** Stops the instance that `env` describes, in reverse order of its start, and returns when nothing of it runs. */
export async function bringDown(env: NodeJS.ProcessEnv): Promise<DownResult> {
  const config = loadConfig(env);
  const living = livingState(config);
  if (living) {
    sendSignal(living.supervisor.pid, 'SIGTERM');
    if (!await waitGone(living.supervisor, deadlineMs)) {
      sendSignal(living.supervisor.pid, 'SIGKILL');
      if (!await waitGone(living.supervisor, deadlineMs)) throw new LunaError('unavailable', `The supervisor ${living.supervisor.pid} can't be killed.`, 'luna status');
    }
  }
  const left = await stopLeftovers(config);
  const killed = (living ? readState(config)?.parts ?? [] : left).filter((part) => part.killed).map((part) => part.name);
  return { wasRunning: living !== undefined || left.length > 0, killed, leftovers: left.map((part) => part.name) };
}
