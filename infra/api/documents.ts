import type { Evidence, Progress } from '../../domain/evidence.ts';
import type { RunSummary } from '../../domain/provision.ts';
import type { BmcsetupChanges, NewBmcsetup } from '../../domain/requests/bmcsetup.ts';
import type { ClusterChanges, NewCluster } from '../../domain/requests/cluster.ts';
import type { GroupChanges, NewGroup } from '../../domain/requests/group.ts';
import type { NetworkChanges, NewNetwork } from '../../domain/requests/network.ts';
import type { NewNodes, NodeChanges } from '../../domain/requests/node.ts';
import type { NewOsimage, OsimageChanges } from '../../domain/requests/osimage.ts';
import type { NewSwitch, SwitchChanges } from '../../domain/requests/switch.ts';
import type { Sighting } from '../../domain/sighting.ts';
import type { Site } from '../../domain/site.ts';

/** An object that was made or changed; the rest of it is in the site. */
export interface Named { name: string }

/** How one kind of object is changed. `by` says who asked. */
export interface Editor<New, Changes, Made = Named> {
  add(wanted: New, by: string): Promise<Made>;
  change(name: string, changes: Changes, by: string): Promise<Named>;
  remove(name: string, by: string): Promise<void>;
}

/** What the API needs of the store. */
export interface Documents {
  /** The site in memory; `refresh` reads it anew. */
  site: { current(): Site; refresh(): Promise<Site> };
  cluster: {
    init(wanted: NewCluster, by: string): Promise<Named>;
    change(changes: ClusterChanges, by: string): Promise<Named>;
    remove(by: string): Promise<void>;
  };
  networks: Editor<NewNetwork, NetworkChanges>;
  switches: Editor<NewSwitch, SwitchChanges>;
  osimages: Editor<NewOsimage, OsimageChanges>;
  bmcsetups: Editor<NewBmcsetup, BmcsetupChanges>;
  groups: Editor<NewGroup, GroupChanges>;
  nodes: Editor<NewNodes, NodeChanges, Named[]>;
  sightings(): Promise<Sighting[]>;
  /** The newest run of each of these nodes; of all nodes when null. */
  newestRuns(nodeIds: string[] | null): Promise<RunSummary[]>;
  /** Runs of a node, newest first. */
  runsOf(nodeId: string, limit: number): Promise<RunSummary[]>;
  /** The last word of each node's agent. */
  progressOf(nodeIds: string[]): Promise<Map<string, Progress>>;
  /** What was observed of some runs, oldest first. */
  evidenceOfRuns(runIds: string[]): Promise<Evidence[]>;
  /** Whether the database answers, and where it is. Never throws. */
  health(): Promise<{ ok: boolean; address: string; message: string }>;
}
