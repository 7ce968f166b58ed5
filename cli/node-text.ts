import type { ProvisionStatus } from '../domain/run-views.ts';
import type { NodeInterfaceView, NodeView } from '../domain/views.ts';
import { duration } from './units.ts';

/** `[BOOTIF]:10.30.0.1`, one for each family that the interface has an address of. */
export function addressTexts({ name, ip, ip6 }: NodeInterfaceView): string[] {
  const has = [ip, ip6].filter((one) => one !== null && one !== undefined);
  return (has.length === 0 ? ['-'] : has).map((one) => `[${name}]:${one}`);
}

/** A node for people, with where its provision is: Luna 1's word, percent and elapsed time. */
export function nodeText(node: NodeView, status: ProvisionStatus | undefined): object {
  return { ...node, interfaces: node.interfaces.flatMap(addressTexts), status: status ? statusText(status) : null, boot: node.boot.map(({ setting, value, from }) => `${setting} ${value} (${from})`) };
}

/** `install.download (67 %) - 0:00:12`; what has no word in Luna 1 has its stage. */
export function statusText(status: ProvisionStatus): string {
  const where = status.status === 'running' ? status.luna1 ?? status.stage : `${status.status} at ${status.stage}`;
  const percent = status.status === 'running' && status.percent !== null ? ` (${Math.floor(status.percent)} %)` : '';
  return `${status.status === 'completed' ? 'completed' : where}${percent} - ${duration(status.elapsed)}`;
}
