import { Errors, Flags } from '@oclif/core';
import { bootAttempts } from '../../../domain/boot-attempts.ts';
import { standstill } from '../../../domain/boot-standstill.ts';
import type { Traced } from '../../../domain/boot-trace.ts';
import { INTERRUPTED_EXIT, interruptible } from '../../interrupt.ts';
import { RowsCommand } from '../../list-command.ts';
import { objectArgs, objectFlags, selectNamed } from '../../object-selector.ts';
import { listOutput } from '../../output/output-flags.ts';
import { poll } from '../../poll.ts';
import { table } from '../../table.ts';
import { timeAgo } from '../../time-ago.ts';
import { attemptTitle, TRACE_COLUMNS, TRACE_WIDE, traceLine } from '../../trace-text.ts';

/** How long one question may wait for news, and how soon the next one is asked. */
const WAIT_S = 20;
const AGAIN_MS = 100;

export default class BootTrace extends RowsCommand {
  static override summary = 'Show what the boot services saw of a machine, what they answered, and why.';
  static override description = [
    'The machine is a node, or any other by its MAC or address. One table per boot: DISCOVER and OFFER, the boot program, the script, kernel and initramfs, the agent\'s hello.',
    'The newest 500 records of each machine are kept, for a month. Times are UTC. A machine that never shows up here sent nothing that reached luna: look at its cable, VLAN and boot order.',
  ].join('\n');
  static override examples = [
    'luna boot trace node001',
    'luna boot trace node001 --follow',
    'luna boot trace 52:54:00:00:00:99 --since 1h -o wide',
    'luna boot trace node001 --where service=dhcp -o json',
  ];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    follow: Flags.boolean({ char: 'f', summary: 'Go on with what comes, a line each, until Ctrl-C.', exclusive: ['sort'] }),
    since: Flags.string({ summary: 'Only what happened since: 30m, 2h, 3d ago, or a time such as 2030-01-31T12:00.', helpValue: 'TIME' }),
    limit: Flags.integer({ summary: 'At most so many records, the newest.', default: 500, min: 1, max: 1000 }),
    ...listOutput,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(BootTrace);
    const path = `/api/v1/boot/trace/${encodeURIComponent(selectNamed('machine', args.name, flags.name))}`;
    const asked = { limit: String(flags.limit), ...(flags.since === undefined ? {} : { since: timeAgo(flags.since, Date.now()) }) };
    if (flags.follow) return this.goOn(path, asked);
    const records = await this.api<Traced[]>('GET', `${path}?${new URLSearchParams(asked).toString()}`);
    const plain = (flags.output ?? 'table') === 'table' && flags.columns === undefined && flags.sort === undefined && flags.where === undefined;
    if (!plain || this.jsonEnabled()) return this.printRows(records, { columns: TRACE_COLUMNS, wide: TRACE_WIDE }, flags);
    const attempts = bootAttempts(records);
    for (const [i, attempt] of attempts.entries()) this.log(`${attemptTitle(attempt, i + 1, attempts.length)}\n${table(TRACE_COLUMNS, attempt)}`);
    const waiting = flags.limit > 1 ? standstill(records, Date.now()) : null;
    if (waiting !== null) this.log(`Newest: ${waiting}.`);
    if (records.length === 0) this.log(`Nothing was seen of ${args.name ?? flags.name ?? 'it'}.`);
    return records;
  }

  /** Prints what there is, then what comes. */
  private async goOn(path: string, asked: Record<string, string>): Promise<void> {
    const interrupt = interruptible();
    let after = new Date(0).toISOString();
    const more = (): Promise<Traced[]> => this.api('GET', `${path}?${new URLSearchParams({ ...asked, after, wait: String(WAIT_S) }).toString()}`, undefined, { signal: interrupt.signal });
    try {
      await poll(more, (some) => {
        for (const one of some) {
          this.log(this.jsonEnabled() ? JSON.stringify(one) : traceLine(one));
          if (one.noted > after) after = one.noted;
        }
        return false;
      }, { everyMs: AGAIN_MS, signal: interrupt.signal, onAway: () => undefined });
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      throw new Errors.ExitError(INTERRUPTED_EXIT);
    } finally {
      interrupt.stop();
    }
  }
}
