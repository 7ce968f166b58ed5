import { againIpxe, kernelIpxe, localbootIpxe } from './boot-ipxe.ts';
import { installScript } from './install-sh.ts';
import { menuIpxe } from './menu-ipxe.ts';
import { assignments, planEnv } from './plan-env.ts';

/** Everything the boot HTTP service renders for machines. */
export const nodeTemplates = {
  kernel: kernelIpxe,
  localboot: localbootIpxe,
  again: againIpxe,
  menu: menuIpxe,
  installScript,
  planEnv,
  assignments,
} as const;
