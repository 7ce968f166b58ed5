import { Flags } from '@oclif/core';
import type { SwarmRecord, SwarmView } from '../../../domain/swarm.ts';
import { RowsCommand } from '../../list-command.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';
import { listOutput } from '../../output/output-flags.ts';
import { MEMBER_COLUMNS, swarmText, WAVE_COLUMNS, WAVE_WIDE } from '../../swarm-text.ts';

export default class OsimageSwarm extends RowsCommand {
  static override summary = 'Draw how an OS image spreads now: who is fed by whom in each stripe, rates, who was demoted and why.';
  static override description = [
    'With --history what is left of it: for each wave of machines the time of the last, the bound of their links, the share of it that was reached, and how often the server sent the image.',
    'Before the tree of an image machines load the rest of its initramfs from each other: that is a swarm of its own, and waves of its own (part=initramfs).',
    'The bound is the packed image over the slowest link, as the cards report it; where none does, over the fastest rate that was seen. Times are UTC.',
  ].join('\n');
  static override examples = ['luna osimage swarm compute', 'luna osimage swarm compute -o json', 'luna osimage swarm compute --where state=loading --sort percent', 'luna osimage swarm compute --history', 'luna osimage swarm compute --history --where part=tree --where "share<0.8" -o wide'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    history: Flags.boolean({ summary: 'The waves that there were, newest first.' }),
    limit: Flags.integer({ summary: 'So many of the newest waves; 50 unless told.', min: 1, max: 1000, dependsOn: ['history'] }),
    ...listOutput,
  };

  async run(): Promise<unknown[]> {
    const { args, flags } = await this.parse(OsimageSwarm);
    const name = selectObject('osimage', args.name, flags.name);
    const path = `${pathOf('osimage', name)}/swarm`;
    if (flags.history) return this.printRows(await this.api<SwarmRecord[]>('GET', `${path}/history${flags.limit === undefined ? '' : `?limit=${flags.limit}`}`), { columns: WAVE_COLUMNS, wide: WAVE_WIDE }, flags);
    const swarms = await this.api<SwarmView[]>('GET', path);
    if (this.jsonEnabled()) return swarms;
    const drawn = (flags.output ?? 'table') === 'table' && flags.columns === undefined && flags.sort === undefined && flags.where === undefined;
    if (!drawn) return this.printRows(swarms.flatMap(({ members }) => members), { columns: MEMBER_COLUMNS }, flags);
    this.log(swarms.length === 0 ? `Nobody loads ${name} now. What was: luna osimage swarm ${name} --history` : swarms.map(swarmText).join('\n\n'));
    return swarms;
  }
}
