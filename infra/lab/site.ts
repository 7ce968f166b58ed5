import { labFiles } from './files.ts';
import type { LabPlan } from './plan.ts';
import { FURTHER, furtherOf } from './segments.ts';

/** What an administrator has to tell luna about a lab. */
export type LabSite = {
  /** The controller's address on the cluster's network: luna's frontend address. */
  frontendAddress: string;
  networks: { name: string; network: string; prefixLength: number }[];
  /** Networks of machines that are not on the controller's own wire. */
  further: { name: string; network: string; prefixLength: number; router: string }[];
  switch: { name: string; address: string; network: string; community: string };
  /** `passwordFile` is 0600; the password never stands in this description. */
  bmc: { user: string; passwordFile: string; cipherSuite: number };
  nodes: { name: string; mac: string; switch: string; port: number; bmcAddress: string; firmware: string; disk: string; network: string }[];
};

/** The declaration that fits a lab. Pure. */
export function labSite(plan: LabPlan): LabSite {
  return {
    frontendAddress: plan.controllerAddress,
    networks: [
      { name: 'cluster', network: '10.30.0.0', prefixLength: plan.prefixLength },
      { name: 'ipmi', network: '10.31.0.0', prefixLength: plan.prefixLength },
    ],
    further: furtherOf(plan).map((name) => ({ name, network: FURTHER[name].network, prefixLength: plan.prefixLength, router: FURTHER[name].router })),
    switch: { name: plan.switchName, address: plan.switchAddress, network: 'ipmi', community: plan.community },
    bmc: { user: plan.bmcUser, passwordFile: labFiles(plan.dir).bmcPassword, cipherSuite: 3 },
    nodes: plan.machines.map(({ name, mac, port, bmcAddress, firmware, disk, segment }) => ({
      name, mac, port, bmcAddress, firmware, disk, switch: plan.switchName, network: segment === 'near' ? 'cluster' : segment,
    })),
  };
}
