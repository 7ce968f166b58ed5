import { againGrub, kernelGrub, localbootGrub, menuGrub } from './boot-grub.ts';
import { againIpxe, kernelIpxe, localbootIpxe } from './boot-ipxe.ts';
import { installScript } from './install-sh.ts';
import { menuIpxe } from './menu-ipxe.ts';
import { networkScript } from './network-sh.ts';
import { assignments, planEnv } from './plan-env.ts';

/** Everything the boot HTTP service renders for machines. */
export const nodeTemplates = {
  kernel: kernelIpxe,
  localboot: localbootIpxe,
  again: againIpxe,
  menu: menuIpxe,
  installScript,
  planEnv,
  networkScript,
  assignments,
} as const;

/** The boot scripts of machines that run GRUB. */
export const grubTemplates = { kernel: kernelGrub, localboot: localbootGrub, again: againGrub, menu: menuGrub } as const;
