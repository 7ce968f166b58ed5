import type { Bmcsetup } from './bmcsetup.ts';
import type { Cluster } from './cluster.ts';
import type { Group, GroupInterface } from './group.ts';
import type { Network } from './network.ts';
import type { Node } from './node.ts';
import type { Osimage } from './osimage.ts';
import type { RunSummary } from './provision.ts';
import type { Sighting } from './sighting.ts';
import type { Switch } from './switch.ts';

/** What the API shows of an object: references are names, offsets are addresses, and there is never a secret. */
type View<T> = Omit<T, '_id'>;

export type ClusterView = View<Cluster>;
export type BmcsetupView = View<Bmcsetup>;
/** `dhcp_start`, `dhcp_end`: addresses, null when the upper quarter is meant. */
export type NetworkView = Omit<View<Network>, 'dhcp_start' | 'dhcp_end'> & { dhcp_start: string | null; dhcp_end: string | null };
/** `network`: its name; `ip`: the switch's address there. */
export type SwitchView = Omit<View<Switch>, 'address'> & { ip: string };
/** `current`: id of the packed version in use; `packed`: when that was packed, null when it never was. */
export type OsimageView = View<Osimage> & { packed: string | null };
/** `network`: its name; `address`: `10.30.0.0/16`; both null when the interface has none. */
export type GroupInterfaceView = Omit<GroupInterface, 'id'> & { address: string | null };
export type GroupView = Omit<View<Group>, 'interfaces'> & { interfaces: GroupInterfaceView[] };
/** An interface of a node: its address and the prefix of its network, null when it has none. */
export interface NodeInterfaceView { name: string; network: string | null; ip: string | null; prefix: number | null }
/** The newest run of a node: how it stands, its stage, and Luna 1's word for that. */
export interface NodeRunView { run: RunSummary['status']; stage: RunSummary['stage']; luna1: string | null; at: string }
/** `macs`: those bound to the node, lower case; `osimage`: its group's; `status`: null when it was never provisioned. */
export type NodeView = Omit<View<Node>, 'addresses'> & {
  hostname: string;
  osimage: string | null;
  macs: string[];
  interfaces: NodeInterfaceView[];
  status: NodeRunView | null;
};
/** A machine that fits no node; `network` is a name. */
export type UnknownView = Omit<Sighting, '_id' | 'networkId'> & { network: string };

/** Where a run is, with what its running stage tells about itself. `luna1`: Luna 1's word for it; `elapsed` in seconds, `rate` in bytes per second. */
export type ProvisionStatus = RunSummary & {
  percent: number | null;
  rate: number | null;
  peers: number | null;
  elapsed: number;
  message: string;
  luna1: string | null;
};
/** What became of a node that was asked to be provisioned. `attached`: it was running already. */
export type ProvisionStarted = { node: string; workflowId: string; runId: string; attached: boolean } | { node: string; error: string };
/** What became of a node whose provision was asked to end. */
export type ProvisionCancelled = { node: string; cancelled: boolean } | { node: string; error: string };
/** How far packing an image is; `percent` of the phase. */
export interface PackStatus { state: 'running' | 'done' | 'failed'; phase: string; percent: number | null; message: string; artefact?: string }
