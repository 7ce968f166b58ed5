import { type Group, type GroupInterface, groupInterfaceSchema, groupSchema } from './group.ts';
import { refuseOddInterfaces } from './interface-checks.ts';
import type { Draft } from './site-draft.ts';
import { versionOf } from './subnet.ts';
import type { ReadSiteFile } from './site-file.ts';

type WrittenGroup = NonNullable<ReadSiteFile['groups']>[string];

/** Groups with their interfaces, which keep their identity as long as they keep their name. */
export function placeGroups(draft: Draft, file: ReadSiteFile): void {
  for (const [name, { osimage, bmcsetup, domain, interfaces: written, torrent_if, ...plain }] of Object.entries(file.groups ?? {})) {
    const path = ['groups', name];
    const interfaces = placeInterfaces(draft, draft.named<Group>('group', name), written, [...path, 'interfaces']);
    draft.problems.check([...path, 'interfaces'], () => { refuseOddInterfaces({ name }, interfaces); });
    const download = torrent_if === undefined ? undefined : interfaces.find((one) => one.name === torrent_if && one.name !== 'BMC');
    if (torrent_if !== undefined && !download) draft.problems.add([...path, 'torrent_if'], `${torrent_if} is no NIC of the group`);
    draft.put<Group>('group', groupSchema, name, {
      ...plain,
      osimage: draft.idOf('osimage', osimage, [...path, 'osimage']) ?? '',
      bmcsetup: draft.idOf('bmcsetup', bmcsetup, [...path, 'bmcsetup']),
      domain: draft.idOf('network', domain, [...path, 'domain']),
      interfaces,
      torrent_if: download?.id ?? null,
    }, path);
  }
}

function placeInterfaces(draft: Draft, old: Group | undefined, written: WrittenGroup['interfaces'], path: string[]): GroupInterface[] {
  return Object.entries(written ?? {}).map(([name, { network, network6, ...plain }]) => groupInterfaceSchema.parse({
    ...plain,
    id: old?.interfaces.find((one) => one.name === name)?.id ?? draft.newId(),
    name,
    network: family(draft, 4, network, [...path, name, 'network']),
    network6: family(draft, 6, network6, [...path, name, 'network6']),
  }));
}

/** The network of a reference, which must be of the family that is meant. */
function family(draft: Draft, version: 4 | 6, name: string | undefined, path: string[]): string | null {
  const id = draft.idOf('network', name, path);
  const network = draft.site.networks.get(id ?? '');
  if (network && versionOf(network) !== version) draft.problems.add(path, `network ${network.name} is IPv${versionOf(network)}: it goes to ${version === 4 ? 'network6' : 'network'}`);
  return id;
}
