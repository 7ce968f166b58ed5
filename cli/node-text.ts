import type { NodeInterfaceView, NodeView, ProvisionStatus } from '../domain/views.ts';
import { duration } from './units.ts';

/** `[BOOTIF]:10.30.0.1`. */
export function addressText({ name, ip }: NodeInterfaceView): string {
  return `[${name}]:${ip ?? '-'}`;
}

/** A node for people, with where its provision is: Luna 1's word, percent and elapsed time. */
export function nodeText(node: NodeView, status: ProvisionStatus | undefined): object {
  return { ...node, interfaces: node.interfaces.map(addressText), status: status ? statusText(status) : null };
}

/** `install.download (67 %) - 0:00:12`; what has no word in Luna 1 has its stage. */
export function statusText(status: ProvisionStatus): string {
  const where = status.status === 'running' ? status.luna1 ?? status.stage : `${status.status} at ${status.stage}`;
  const percent = status.status === 'running' && status.percent !== null ? ` (${Math.floor(status.percent)} %)` : '';
  return `${status.status === 'completed' ? 'completed' : where}${percent} - ${duration(status.elapsed)}`;
}
