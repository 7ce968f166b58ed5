import { clusterSchema } from '../../domain/cluster.ts';
import { groupSchema } from '../../domain/group.ts';
import { networkSchema } from '../../domain/network.ts';
import { nodeSchema } from '../../domain/node.ts';
import { otherdevSchema } from '../../domain/otherdev.ts';
import type { Site } from '../../domain/site.ts';
import { switchSchema } from '../../domain/switch.ts';

/** What a test declares: names are ids as well, everything else is the default. */
export interface Declared {
  cluster?: object;
  networks?: Record<string, object>;
  switches?: Record<string, object>;
  otherdevs?: Record<string, object>;
  groups?: Record<string, object>;
  nodes?: Record<string, object>;
  /** MAC → node. */
  macs?: Record<string, string>;
}

/** A site without a store. */
export function plainSite({ cluster, networks = {}, switches = {}, otherdevs = {}, groups = {}, nodes = {}, macs = {} }: Declared): Site {
  const made = <T>(objects: Record<string, object>, schema: { parse(value: unknown): T }): Map<string, T> =>
    new Map(Object.entries(objects).map(([name, fields]) => [name, schema.parse({ _id: name, name, rev: 0, ...fields })]));
  const nodeMap = made(nodes, nodeSchema);
  const macsOf = new Map<string, string[]>();
  for (const [mac, node] of Object.entries(macs)) macsOf.set(node, [...(macsOf.get(node) ?? []), mac]);
  return {
    cluster: cluster === undefined ? null : clusterSchema.parse({ _id: 'general', name: 'general', rev: 0, ...cluster }),
    networks: made(networks, networkSchema),
    switches: made(switches, switchSchema),
    otherdevs: made(otherdevs, otherdevSchema),
    osimages: new Map(),
    artefacts: new Map(),
    bmcsetups: new Map(),
    groups: made(groups, groupSchema),
    nodes: nodeMap,
    nodesByName: new Map([...nodeMap.values()].map((node) => [node.name, node])),
    macs: new Map(Object.entries(macs)),
    macsOf,
  };
}
