import type { Bmcsetup } from '../../../domain/bmcsetup.ts';
import { LunaError } from '../../../domain/errors.ts';
import type { Group } from '../../../domain/group.ts';
import type { Network } from '../../../domain/network.ts';
import { nodeView } from '../../../domain/node-views.ts';
import type { Node } from '../../../domain/node.ts';
import { bmcsetupView, groupView, networkView, osimageView, switchView } from '../../../domain/object-views.ts';
import type { Osimage } from '../../../domain/osimage.ts';
import { type BmcsetupChanges, bmcsetupChangesSchema, type NewBmcsetup, newBmcsetupSchema } from '../../../domain/requests/bmcsetup.ts';
import { type GroupChanges, groupChangesSchema, type NewGroup, newGroupSchema } from '../../../domain/requests/group.ts';
import { type NetworkChanges, networkChangesSchema, type NewNetwork, newNetworkSchema } from '../../../domain/requests/network.ts';
import { type NewNodes, newNodesSchema, type NodeChanges, nodeChangesSchema } from '../../../domain/requests/node.ts';
import { type NewOsimage, newOsimageSchema, type OsimageChanges, osimageChangesSchema } from '../../../domain/requests/osimage.ts';
import { type NewSwitch, newSwitchSchema, type SwitchChanges, switchChangesSchema } from '../../../domain/requests/switch.ts';
import type { Switch } from '../../../domain/switch.ts';
import type { ApiDeps } from '../deps.ts';
import type { Documents } from '../documents.ts';
import type { Kind } from './objects.ts';

/** Networks as the API serves them. */
export const networks = (documents: Documents): Kind<Network, NewNetwork, NetworkChanges> => ({
  word: 'network',
  all: (site) => site.networks.values(),
  views: (site, found) => found.map((network) => networkView(site, network)),
  editor: documents.networks,
  newSchema: newNetworkSchema,
  changesSchema: networkChangesSchema,
});

/** Switches as the API serves them. */
export const switches = (documents: Documents): Kind<Switch, NewSwitch, SwitchChanges> => ({
  word: 'switch',
  all: (site) => site.switches.values(),
  views: (site, found) => found.map((one) => switchView(site, one)),
  editor: documents.switches,
  newSchema: newSwitchSchema,
  changesSchema: switchChangesSchema,
});

/** Images as the API serves them; their tree must be there. */
export const osimages = ({ documents, isDirectory }: ApiDeps): Kind<Osimage, NewOsimage, OsimageChanges> => ({
  word: 'osimage',
  all: (site) => site.osimages.values(),
  views: (site, found) => found.map((osimage) => osimageView(site, osimage)),
  editor: documents.osimages,
  newSchema: newOsimageSchema,
  changesSchema: osimageChangesSchema,
  async check({ path }) {
    if (path !== undefined && !await isDirectory(path)) {
      throw new LunaError('invalid', `path: ${path} is no directory on the controller`, `ls -ld ${path}`);
    }
  },
});

/** Bmcsetups as the API serves them, without their passwords. */
export const bmcsetups = (documents: Documents): Kind<Bmcsetup, NewBmcsetup, BmcsetupChanges> => ({
  word: 'bmcsetup',
  all: (site) => site.bmcsetups.values(),
  views: (_site, found) => found.map(bmcsetupView),
  editor: documents.bmcsetups,
  newSchema: newBmcsetupSchema,
  changesSchema: bmcsetupChangesSchema,
});

/** Groups as the API serves them. */
export const groups = (documents: Documents): Kind<Group, NewGroup, GroupChanges> => ({
  word: 'group',
  all: (site) => site.groups.values(),
  views: (site, found) => found.map((group) => groupView(site, group)),
  editor: documents.groups,
  newSchema: newGroupSchema,
  changesSchema: groupChangesSchema,
});

/** Nodes as the API serves them, with how their newest run stands. */
export const nodes = (documents: Documents): Kind<Node, NewNodes, NodeChanges> => ({
  word: 'node',
  all: (site) => site.nodes.values(),
  async views(site, found) {
    const runs = new Map((await documents.newestRuns(found.length === 1 ? found.map(({ _id }) => _id) : null)).map((run) => [run.nodeId, run]));
    return found.map((node) => nodeView(site, node, runs.get(node._id)));
  },
  editor: documents.nodes,
  newSchema: newNodesSchema,
  changesSchema: nodeChangesSchema,
});
