import type { Node } from '../../domain/node.ts';
import type { Osimage } from '../../domain/osimage.ts';
import type { PowerAction, PowerAnswer } from '../../domain/power.ts';
import type { LunaStage } from '../../domain/stages.ts';
import type { PackStatus, ProvisionCancelled, ProvisionStarted } from '../../domain/run-views.ts';

/** A node as the lifecycle needs it. */
export type NodeRef = Pick<Node, '_id' | 'name'>;
/** An image as the lifecycle needs it. */
export type OsimageRef = Pick<Osimage, '_id' | 'name'>;

/**
 * What the API asks of workflows. One answer per node, in the order asked: what one node can't do is its `error` and
 * doesn't stop the others. Throws LunaError `unavailable` when the workflow engine does not answer.
 */
export interface Lifecycle {
  /** Starts a run per node or attaches to the one that is open. `retry`: reattach to a live agent; `from`: begin at this stage. */
  provision(nodes: readonly NodeRef[], how: { retry: boolean; from: LunaStage | null }): Promise<ProvisionStarted[]>;
  cancel(nodes: readonly NodeRef[]): Promise<ProvisionCancelled[]>;
  /** Retries or skips the stage that an open run is in; answers with the stage's name. Throws `not-found` when no run is open, `conflict` when it waits for no stage. */
  stage(node: NodeRef, action: 'retry' | 'skip'): Promise<string>;
  /** `iface`: the interface at whose address the BMCs answer; BMC when absent. */
  power(nodes: readonly NodeRef[], action: PowerAction, iface?: string): Promise<PowerAnswer[]>;
  /** Starts packing an image or attaches to the pack that runs. */
  pack(osimage: OsimageRef): Promise<{ workflowId: string; runId: string }>;
  /** How the newest pack stands. Throws `not-found` when it was never packed. */
  packStatus(osimage: OsimageRef): Promise<PackStatus>;
  /** Ends a pack; false when none runs. */
  cancelPack(osimage: OsimageRef): Promise<boolean>;
  /** Whether the engine answers, where it is, and its Web UI. Never throws. */
  health(): Promise<{ ok: boolean; address: string; message: string; ui: string | null }>;
}
