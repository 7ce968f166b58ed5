import { standstill } from '../../../domain/boot-standstill.ts';
import type { Traced } from '../../../domain/boot-trace.ts';
import type { Evidence } from '../../../domain/evidence.ts';
import { atOrAfter } from '../../../domain/stages.ts';
import { LunaCommand } from '../../base.ts';
import { evidenceText } from '../../evidence-text.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class ProvisionLog extends LunaCommand {
  static override summary = "Show what was observed of a node's newest provision, with the tail of each stage's log.";
  static override examples = ['luna provision log node001', 'luna provision log node001 --json'];
  static override args = objectArgs;
  static override flags = objectFlags;

  async run(): Promise<Evidence[]> {
    const { args, flags } = await this.parse(ProvisionLog);
    const node = selectObject('node', args.name, flags.name);
    const evidence = await this.api<Evidence[]>('GET', `/api/v1/provision/${encodeURIComponent(node)}/log`);
    for (const item of evidence) this.log(evidenceText(item));
    if (evidence.length === 0) this.log(`Nothing has been observed of ${node} yet.`);
    // Until its agent speaks, what a machine does is known by its packets alone.
    if (!this.jsonEnabled() && !evidence.some(({ stage }) => atOrAfter(stage, 'pxe.kernel'))) {
      const began = evidence[0]?.at;
      const records = await this.api<Traced[]>('GET', `/api/v1/boot/trace/${encodeURIComponent(node)}${began === undefined ? '' : `?since=${encodeURIComponent(began)}`}`);
      const waiting = standstill(records, Date.now());
      if (waiting !== null) this.log(`Newest: ${waiting}. All of it: luna boot trace ${node}`);
    }
    return evidence;
  }
}
