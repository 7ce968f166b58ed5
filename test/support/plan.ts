import type { ProvisionPlan } from '../../domain/provision.ts';

/** A resolved plan of node `n1`. */
export const planned: ProvisionPlan = {
  nodeId: 'n1', nodeName: 'node001', groupName: 'compute', osimageName: 'compute', artefact: 'a1', bmc: { address: '10.31.1.1', bmcsetup: 'b1' },
  macKnown: false, setupbmc: true, attempts: 2, where: 'switch01 port 1',
};
