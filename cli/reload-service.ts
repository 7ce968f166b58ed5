import { hasSystemd, programPath, runProgram } from './programs.ts';

/** What became of asking a server to read its files again, in words. `next`: the command left to a person. */
export interface Reloaded { done: boolean; told: string; next?: string }

/**
 * Has a running service read its files again through systemd; the first of `units` that runs is the one. A service that
 * does not run is left alone: whether it should is the administrator's to say.
 */
export async function reloadService(units: readonly string[], verb: 'reload' | 'restart'): Promise<Reloaded> {
  const systemctl = programPath('systemctl');
  const [first = ''] = units;
  if (!hasSystemd() || systemctl === null) {
    return { done: false, told: `No service manager runs here, so no server was told.`, next: `have ${first} read its files again` };
  }
  for (const unit of units) {
    if ((await runProgram(systemctl, ['is-active', '--quiet', unit])).code !== 0) continue;
    const { code, output } = await runProgram(systemctl, [verb, unit]);
    if (code === 0) return { done: true, told: `${unit}: ${verb} done.` };
    return { done: false, told: `${unit}: ${verb} failed: ${output}`, next: `systemctl status ${unit}` };
  }
  return { done: false, told: `No ${units.join(' or ')} runs here, so no server was told.`, next: `systemctl start ${first}` };
}

/** Has BIND read its zones again: by `rndc` where it answers, however it was started, else as a service. */
export async function reloadNamed(): Promise<Reloaded> {
  const rndc = programPath('rndc');
  if (rndc !== null && (await runProgram(rndc, ['reload'])).code === 0) return { done: true, told: 'rndc: the server reads its zones again.' };
  return reloadService(['named', 'bind9', 'named-chroot'], 'reload');
}
