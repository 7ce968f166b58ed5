import { setTimeout as sleep } from 'node:timers/promises';
import { Errors, Flags } from '@oclif/core';
import type { Change } from '../../domain/change.ts';
import { LunaError } from '../../domain/errors.ts';
import type { RogueEvent } from '../../domain/rogue-server.ts';
import type { SwarmNews } from '../../domain/swarm.ts';
import { LunaCommand } from '../base.ts';
import { sentEvents } from '../event-lines.ts';
import { eventLine } from '../history-text.ts';
import { newsLine } from '../swarm-text.ts';
import { rogueLine } from '../rogue-text.ts';
import { INTERRUPTED_EXIT, interruptible } from '../interrupt.ts';

/** luna may restart while somebody follows it. */
const AWAY_MS = 10 * 60_000;
const RETRY_MS = 2000;

export default class Events extends LunaCommand {
  static override enableJsonFlag = false;
  static override summary = 'Follow all changes as they happen, until Ctrl-C.';
  static override description = 'Each line begins with the place in the stream: --after takes it to go on there. When luna restarts, nothing is missed. A DHCP server that is not luna\'s is told when it comes and when it goes, without a place; so is a machine of a swarm that is demoted or removed.';
  static override examples = ['luna events', 'luna events --after 17.4', 'luna events --after 0.0 --until-now --json'];
  static override flags = {
    after: Flags.string({ summary: 'Begin with what came after this place; 0.0: with the first change there is.', helpValue: 'PLACE' }),
    'until-now': Flags.boolean({ summary: 'End where nothing newer is known, instead of waiting for it.', dependsOn: ['after'] }),
    json: Flags.boolean({ summary: 'A line of JSON per change.', helpGroup: 'GLOBAL' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Events);
    const interrupt = interruptible();
    try {
      await this.tell(flags, interrupt.signal);
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      throw new Errors.ExitError(INTERRUPTED_EXIT);
    } finally {
      interrupt.stop();
    }
  }

  /** Prints each change; comes back to where it was when the stream breaks. */
  private async tell(flags: { after?: string | undefined; 'until-now': boolean; json: boolean }, signal: AbortSignal): Promise<void> {
    const end = flags['until-now'];
    let [place, goneSince] = [flags.after, 0];
    for (;;) {
      try {
        const query = new URLSearchParams({ ...(place === undefined ? {} : { after: place }), ...(end ? { end: '1' } : {}) });
        for await (const { id, event, data } of sentEvents(this.follow(`/api/v1/events?${query.toString()}`, { signal }))) {
          goneSince = 0;
          place = id ?? place;
          if (data !== '') this.log(flags.json ? data : lineOf(event, id, data));
        }
        if (end) return;
      } catch (error) {
        if (signal.aborted || !isAway(error)) throw error;
        goneSince ||= Date.now();
        if (Date.now() - goneSince > AWAY_MS) throw error;
      }
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}

function lineOf(event: string | undefined, id: string | undefined, data: string): string {
  if (event === 'dhcp.rogue') return rogueLine(JSON.parse(data) as RogueEvent);
  if (event === 'swarm') return newsLine(JSON.parse(data) as SwarmNews);
  return eventLine(id, JSON.parse(data) as Change);
}

/** Nothing answers, or the answer was cut off. */
function isAway(error: unknown): boolean {
  return error instanceof LunaError ? error.code === 'unavailable' : error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}
