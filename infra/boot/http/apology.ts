import { LunaError } from '../../../domain/errors.ts';
import type { Log } from '../../log.ts';
import type { Asker } from './boot-script.ts';

/** Why a machine could not be given its boot script: `message`, and with the next command for the screen of the machine. Logs it. */
export function apology(log: Log, error: unknown, { mac, ip }: Pick<Asker, 'mac' | 'ip'>): { message: string; shown: string } {
  const message = error instanceof Error ? error.message : String(error);
  const shown = error instanceof LunaError && error.next !== undefined ? `${message} (${error.next})` : message;
  log.error('boot.script_failed', { mac, ip, error: error instanceof LunaError ? shown : error });
  return { message, shown };
}
