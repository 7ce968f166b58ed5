import type { Bmcsetup } from './bmcsetup.ts';
import type { Cluster } from './cluster.ts';
import type { Group } from './group.ts';
import type { Network } from './network.ts';
import type { Node } from './node.ts';
import type { Artefact, Osimage } from './osimage.ts';
import type { Otherdev } from './otherdev.ts';
import type { Switch } from './switch.ts';

/** Everything an administrator declared, as one value: what plans, DHCP answers and boot scripts are computed from. */
export interface Site {
  cluster: Cluster | null;
  networks: Map<string, Network>;
  switches: Map<string, Switch>;
  otherdevs: Map<string, Otherdev>;
  osimages: Map<string, Osimage>;
  artefacts: Map<string, Artefact>;
  bmcsetups: Map<string, Bmcsetup>;
  groups: Map<string, Group>;
  nodes: Map<string, Node>;
  nodesByName: Map<string, Node>;
  /** MAC (lower case, colons) → node id. */
  macs: Map<string, string>;
  /** Node id → its MACs. */
  macsOf: Map<string, string[]>;
}
