import { type Bmcsetup, bmcsetupSchema } from '../../../domain/bmcsetup.ts';
import { LunaError } from '../../../domain/errors.ts';
import { type Group, groupSchema } from '../../../domain/group.ts';
import { type Network, networkSchema } from '../../../domain/network.ts';
import { nodeView } from '../../../domain/node-views.ts';
import { type Node, nodeSchema } from '../../../domain/node.ts';
import { bmcsetupView, groupView, networkView, osimageView, otherdevView, switchView } from '../../../domain/object-views.ts';
import { type Osimage, osimageSchema } from '../../../domain/osimage.ts';
import { type Otherdev, otherdevSchema } from '../../../domain/otherdev.ts';
import { type BmcsetupChanges, bmcsetupChangesSchema, type NewBmcsetup, newBmcsetupSchema } from '../../../domain/requests/bmcsetup.ts';
import { type GroupChanges, groupChangesSchema, type NewGroup, newGroupSchema } from '../../../domain/requests/group.ts';
import { type NetworkChanges, networkChangesSchema, type NewNetwork, newNetworkSchema } from '../../../domain/requests/network.ts';
import { type NewNodes, newNodesSchema, type NodeChanges, nodeChangesSchema } from '../../../domain/requests/node.ts';
import { type NewOsimage, newOsimageSchema, type OsimageChanges, osimageChangesSchema } from '../../../domain/requests/osimage.ts';
import { type NewOtherdev, newOtherdevSchema, type OtherdevChanges, otherdevChangesSchema } from '../../../domain/requests/otherdev.ts';
import { type NewSwitch, newSwitchSchema, type SwitchChanges, switchChangesSchema } from '../../../domain/requests/switch.ts';
import { type Switch, switchSchema } from '../../../domain/switch.ts';
import { bmcsetupViewSchema, groupViewSchema, networkViewSchema, nodeViewSchema, osimageViewSchema, otherdevViewSchema, switchViewSchema } from '../../../domain/views.ts';
import type { Kind } from './objects.ts';

/** Networks as the API serves them. */
export const networks: Kind<Network, NewNetwork, NetworkChanges> = {
  word: 'network',
  plural: 'networks',
  all: (site) => site.networks.values(),
  views: (site, found) => found.map((network) => networkView(site, network)),
  editor: (documents) => documents.networks,
  storedSchema: networkSchema,
  viewSchema: networkViewSchema,
  newSchema: newNetworkSchema,
  changesSchema: networkChangesSchema,
};

/** Switches as the API serves them. */
export const switches: Kind<Switch, NewSwitch, SwitchChanges> = {
  word: 'switch',
  plural: 'switches',
  all: (site) => site.switches.values(),
  views: (site, found) => found.map((one) => switchView(site, one)),
  editor: (documents) => documents.switches,
  storedSchema: switchSchema,
  viewSchema: switchViewSchema,
  newSchema: newSwitchSchema,
  changesSchema: switchChangesSchema,
};

/** Otherdevs as the API serves them. */
export const otherdevs: Kind<Otherdev, NewOtherdev, OtherdevChanges> = {
  word: 'otherdev',
  plural: 'otherdevs',
  all: (site) => site.otherdevs.values(),
  views: (site, found) => found.map((one) => otherdevView(site, one)),
  editor: (documents) => documents.otherdevs,
  storedSchema: otherdevSchema,
  viewSchema: otherdevViewSchema,
  newSchema: newOtherdevSchema,
  changesSchema: otherdevChangesSchema,
};

/** Images as the API serves them; their tree must be there, and in it the kernel that is named with it. */
export const osimages: Kind<Osimage, NewOsimage, OsimageChanges> = {
  word: 'osimage',
  plural: 'osimages',
  all: (site) => site.osimages.values(),
  views: (site, found) => found.map((osimage) => osimageView(site, osimage)),
  editor: (documents) => documents.osimages,
  storedSchema: osimageSchema,
  viewSchema: osimageViewSchema,
  newSchema: newOsimageSchema,
  changesSchema: osimageChangesSchema,
  async check({ path, kernver }, { isDirectory, treeMistake, trees }) {
    const mistake = path === undefined ? null : await treeMistake(path);
    if (mistake !== null) throw new LunaError('invalid', `path: ${mistake}`, 'luna osimage list');
    if (path !== undefined && !await isDirectory(path)) {
      throw new LunaError('invalid', `path: ${path} is no directory on the controller`, `ls -ld ${path}`);
    }
    if (path === undefined || kernver == null) return;
    const kernels = await trees.kernels(path);
    if (!kernels.includes(kernver)) {
      throw new LunaError('invalid', `kernver: ${path} has no kernel ${kernver}; it has ${kernels.join(', ') || 'none'}`, `ls ${path}/lib/modules ${path}/boot`);
    }
  },
};

/** Bmcsetups as the API serves them, without their passwords. */
export const bmcsetups: Kind<Bmcsetup, NewBmcsetup, BmcsetupChanges> = {
  word: 'bmcsetup',
  plural: 'bmcsetups',
  all: (site) => site.bmcsetups.values(),
  views: (_site, found) => found.map(bmcsetupView),
  editor: (documents) => documents.bmcsetups,
  storedSchema: bmcsetupSchema,
  viewSchema: bmcsetupViewSchema,
  newSchema: newBmcsetupSchema,
  changesSchema: bmcsetupChangesSchema,
};

/** Groups as the API serves them. */
export const groups: Kind<Group, NewGroup, GroupChanges> = {
  word: 'group',
  plural: 'groups',
  all: (site) => site.groups.values(),
  views: (site, found) => found.map((group) => groupView(site, group)),
  editor: (documents) => documents.groups,
  storedSchema: groupSchema,
  viewSchema: groupViewSchema,
  newSchema: newGroupSchema,
  changesSchema: groupChangesSchema,
};

/** Of up to so many nodes the runs are asked for by id; of more, all runs are read at once. */
const FEW = 50;

/** Nodes as the API serves them, with how their newest run stands. */
export const nodes: Kind<Node, NewNodes, NodeChanges> = {
  word: 'node',
  plural: 'nodes',
  all: (site) => site.nodes.values(),
  async views(site, found, documents) {
    const runs = new Map((await documents.newestRuns(found.length <= FEW ? found.map(({ _id }) => _id) : null)).map((run) => [run.nodeId, run]));
    return found.map((node) => nodeView(site, node, runs.get(node._id)));
  },
  editor: (documents) => documents.nodes,
  storedSchema: nodeSchema,
  viewSchema: nodeViewSchema,
  newSchema: newNodesSchema,
  changesSchema: nodeChangesSchema,
  many: true,
};
