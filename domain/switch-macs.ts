import type { Seen } from './discovery.ts';
import type { Site } from './site.ts';
import type { SwitchMacView } from './views.ts';

/** What switches see, for people: sorted by switch, port number, port name and MAC (luna-1 §1.1 `listmacs`). */
export function switchMacViews(site: Site, seen: readonly Seen[]): SwitchMacView[] {
  const rows = seen.map(({ switchId, port, portName, mac }) => {
    const node = site.nodes.get(site.macs.get(mac) ?? '');
    const confport = node !== undefined && node.switch === switchId && (node.port === portName || node.port === String(port));
    return { switch: site.switches.get(switchId)?.name ?? switchId, port, portname: portName, mac, confport, node: node?.name ?? null };
  });
  return rows.sort((a, b) => compare(a.switch, b.switch) || a.port - b.port || compare(a.portname ?? '', b.portname ?? '') || compare(a.mac, b.mac));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
