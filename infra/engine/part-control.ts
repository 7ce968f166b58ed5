import { LunaError } from '../../domain/errors.ts';
import type { PartRequest } from './control.ts';
import type { Keeper } from './keeper.ts';
import type { PartStatus } from './part.ts';

/** The keepers of an instance, one for each part. When `signal` has fired the instance is being taken down. */
export interface KeptParts { keepers: Keeper[]; renew: (place: number) => Keeper; signal: AbortSignal }

/** Carries out what is asked of one part, one request after the other. A keeper that was stopped does not start again: a new one takes its place. */
export function controlParts({ keepers, renew, signal }: KeptParts): (request: PartRequest) => Promise<PartStatus> {
  let turn: Promise<unknown> = Promise.resolve();
  return (request) => {
    const done = turn.then(() => act(request));
    turn = done.catch(() => undefined);
    return done;
  };

  async function act({ action, part }: PartRequest): Promise<PartStatus> {
    const place = keepers.findIndex(({ status }) => status.name === part);
    const keeper = keepers[place];
    if (!keeper) throw new LunaError('not-found', `luna has no part named ${part}; it has ${keepers.map(({ status }) => status.name).join(', ')}`, 'luna status');
    if (keeper.status.external) throw new LunaError('conflict', `${part} runs elsewhere (${keeper.status.addresses.join(', ')}): luna does not start or stop it`, 'luna status');
    if (action !== 'start' && keeper.status.state !== 'stopped') await keeper.stop();
    if (action === 'stop' || (action === 'start' && keeper.status.state !== 'stopped')) return keeper.status;
    if (signal.aborted) throw new LunaError('conflict', `luna is being stopped: ${part} is not started`, 'luna up');
    const renewed = renew(place);
    await renewed.start();
    return renewed.status;
  }
}
