import type { KernelBoot } from '../../domain/boot-plan.ts';
import { ipxe, ipxeText, ipxeWords, type Rendered } from './render.ts';

/** Loads luna's kernel; when that fails, says so and asks the controller again. `server` and `again` are URLs. */
export function kernelIpxe(title: string, server: string, boot: KernelBoot, again: string): Rendered {
  return ipxe`#!ipxe
echo luna: ${ipxeText(title)}
kernel ${`${server}/boot/${boot.kernel}`} ${ipxeWords(boot.args)} || goto failed
${boot.initramfs.map((file) => ipxe`initrd ${`${server}/boot/${file}`} || goto failed`)}
boot || goto failed
:failed
echo luna: the kernel could not be loaded from ${server}; asking again in 3 s
imgfree
sleep 3
chain --replace ${again} || goto failed
`;
}

/**
 * Boots the machine's own disk. UEFI: a status other than 0 makes the firmware go on to its next entry, 0 would stop in
 * its boot menu (UEFI 2.10 §3.1.1). BIOS: drive 0x80, as Luna 1 did; ten seconds sooner than going back to the firmware.
 */
export function localbootIpxe(node: string, why: string): Rendered {
  return ipxe`#!ipxe
echo luna: ${node} boots its own disk: ${ipxeText(why)}
iseq \${platform} efi && exit 1 ||
sanboot --no-describe --drive 0x80 || exit 1
`;
}

/** Shows a message and asks the controller again after some seconds, for ever: a machine never drops out of the boot. */
export function againIpxe(message: string, seconds: number, again: string): Rendered {
  return ipxe`#!ipxe
echo luna: ${ipxeText(message)}
:again
sleep ${seconds}
chain --replace ${again} || goto again
`;
}
