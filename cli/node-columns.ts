import type { NodeView, UnknownView } from '../domain/views.ts';
import { addressTexts } from './node-text.ts';
import type { Layout } from './output/rows.ts';

/** The table of `node list`; with `oneLine` all interfaces of a node stand in one row. */
export function nodeLayout(oneLine: boolean): Layout<NodeView> {
  const lines = (list: string[]): unknown => (oneLine ? list.join(' ') : list);
  return {
    columns: [
      { title: 'Name', field: 'name', cell: (o) => o.name },
      { title: 'Group', field: 'group', cell: (o) => o.group },
      { title: 'MAC', field: 'macs', cell: (o) => lines(o.macs) },
      { title: 'IPs', field: 'interfaces.ip', cell: (o) => lines(o.interfaces.flatMap(addressTexts)) },
    ],
    wide: [
      { title: 'Stage', field: 'status.stage', cell: stageText },
      { title: 'Osimage', field: 'osimage', cell: (o) => o.osimage },
      { title: 'Switch', field: 'switch', cell: (o) => o.switch },
      { title: 'Port', field: 'port', cell: (o) => o.port },
      { title: 'Flags', cell: (o) => (['localboot', 'service'] as const).filter((flag) => o[flag]).join(' ') },
      { title: 'Comment', field: 'comment', cell: (o) => o.comment },
    ],
  };
}

/** The table of machines that fit no node. */
export const UNKNOWN_LAYOUT: Layout<UnknownView> = {
  columns: [
    { title: 'MAC', field: 'mac', cell: (o) => o.mac },
    { title: 'IP', field: 'ip', cell: (o) => o.ip },
    { title: 'Network', field: 'network', cell: (o) => o.network },
    { title: 'Where', field: 'where', cell: (o) => o.where },
    { title: 'First seen', field: 'firstSeen', cell: (o) => o.firstSeen },
    { title: 'Last seen', field: 'lastSeen', cell: (o) => o.lastSeen },
  ],
};

/** Whether the newest run of a node is at this stage, or ended like this: `download`, `failed`; `none`: it never had one. */
export function isAtStage({ status }: NodeView, word: string): boolean {
  if (status === null) return word === 'none';
  return status.run === word || status.luna1 === word || (status.stage === word && status.run !== 'completed');
}

function stageText({ status }: NodeView): string | null {
  if (status === null) return null;
  return status.run === 'running' ? status.stage : status.run === 'completed' ? 'completed' : `${status.run} at ${status.stage}`;
}
