import { Args, Errors, Flags } from '@oclif/core';
import { OBJECT_KINDS } from '../../domain/change.ts';
import type { ChangeView } from '../../domain/change-view.ts';
import { expandHostlist } from '../../domain/hostlist.ts';
import { LunaCommand } from '../base.ts';
import { historyText, versionsText } from '../history-text.ts';

/** Kinds whose changes can be asked for. */
const KINDS: readonly string[] = [...OBJECT_KINDS, 'mac'];

interface Asked { kind?: string; name?: string }

export default class History extends LunaCommand {
  static override summary = 'Show who changed what, newest first.';
  static override description = 'Each change has a word by which luna undo takes it back. Times are UTC.';
  static override examples = ['luna history', 'luna history node/node001', 'luna history group compute', 'luna history group compute --field partscript', 'luna history --by root --limit 5000'];
  static override args = { object: Args.string({ description: 'objects: node/node001, group compute; none: all', ignoreStdin: true, multiple: true }) };
  static override flags = {
    field: Flags.string({ summary: 'Every version of one field, in full.', helpValue: 'FIELD' }),
    by: Flags.string({ summary: 'What this one changed alone.', helpValue: 'WHO' }),
    limit: Flags.integer({ summary: 'At most so many lines.', default: 200, min: 1, max: 20_000 }),
  };

  async run(): Promise<ChangeView[]> {
    const { args, flags } = await this.parse(History);
    const found: ChangeView[] = [];
    for (const asked of objectsOf(args.object ?? [])) {
      const query = new URLSearchParams({ ...asked, limit: String(flags.limit), ...(flags.by === undefined ? {} : { by: flags.by }) });
      found.push(...await this.api<ChangeView[]>('GET', `/api/v1/changes?${query.toString()}`));
    }
    const lines = found.sort((a, b) => (a._id > b._id ? -1 : 1)).slice(0, flags.limit);
    const text = flags.field === undefined ? historyText(lines) : versionsText(lines, flags.field);
    if (text !== '') this.log(text);
    if (lines.length === flags.limit) this.logToStderr(`There may be more: --limit ${flags.limit * 10}`);
    return lines;
  }
}

/** `node/node001 group/compute`, or a kind and names of it. */
function objectsOf(words: readonly string[]): Asked[] {
  const [first, ...names] = words;
  if (first === undefined) return [{}];
  if (KINDS.includes(first)) {
    if (first === 'cluster') return [{ kind: first }];
    return names.length === 0 ? [{ kind: first }] : expandHostlist(names.join(',')).map((name) => ({ kind: first, name }));
  }
  return words.flatMap((word) => {
    const [kind = '', hostlist] = word.split('/', 2);
    if (hostlist === undefined || !KINDS.includes(kind)) throw new Errors.CLIError(`${word} names no object. Write it as node/node001; kinds: ${KINDS.join(', ')}`, { exit: 2 });
    return expandHostlist(hostlist).map((name) => ({ kind, name }));
  });
}
