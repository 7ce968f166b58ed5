import type { KernelBoot } from '../../domain/boot-plan.ts';
import { grub, grubText, grubWords } from './render-grub.ts';
import type { Rendered } from './render.ts';

// What machines with Secure Boot are told, whose firmware loads nothing but Debian's signed shim, GRUB and kernel: the same
// answers as iPXE gets, in GRUB's language. Debian's signed GRUB has no HTTP, so all paths are names of the TFTP service that
// it was itself loaded from.

/** Loads luna's kernel; when that fails, says so and asks the controller again. `again` is the path of the script; no server is named. */
export function kernelGrub(title: string, _server: string, boot: KernelBoot, again: string): Rendered {
  // `initrd=` is for the kernel's own loader of files; GRUB hands the initramfs over in memory.
  const args = boot.args.filter((word) => !word.startsWith('initrd='));
  return grub`echo ${grubText(`luna: ${title}`)}
if linux ${`/boot/${boot.kernel}`} ${grubWords(args)}; then
  if initrd ${grubWords(boot.initramfs.map((file) => `/boot/${file}`))}; then
    boot
  fi
fi
echo 'luna: the kernel could not be loaded; asking again in 3 s'
sleep 3
configfile ${again}
`;
}

/**
 * Boots the machine's own disk: by the shim that Debian's installer writes, or else by the file that firmware itself would
 * take (UEFI 2.10 §3.5.1.1). Without either the firmware goes on to its next entry.
 */
export function localbootGrub(node: string, why: string): Rendered {
  return grub`echo ${grubText(`luna: ${node} boots its own disk: ${why}`)}
for file in /EFI/debian/shimx64.efi /EFI/BOOT/BOOTX64.EFI; do
  if search --no-floppy --set=disk --file "$file"; then
    if chainloader "($disk)$file"; then
      boot
    fi
  fi
done
exit 1
`;
}

/** Shows a message and asks the controller again after some seconds, for ever: a machine never drops out of the boot. */
export function againGrub(message: string, seconds: number, again: string): Rendered {
  return grub`echo ${grubText(`luna: ${message}`)}
sleep ${seconds}
configfile ${again}
`;
}

/**
 * The menu of a machine nobody knows: it asks again by itself every 10 s, or a person says which node it is. `chosen` is
 * the path of the script for each node.
 */
export function menuGrub(nodes: readonly string[], chosen: (node: string) => string, again: string): Rendered {
  return grub`echo 'luna: this machine fits no node yet'
set timeout=10
set default=ask
menuentry 'luna: ask the controller which node this machine is' --id ask --hotkey a {
  configfile ${again}
}
submenu 'luna: choose the node from a list' --id list --hotkey l {
${nodes.map((name) => grub`  menuentry ${name} { configfile ${chosen(name)}; }`)}
}
menuentry 'Reboot' --id restart --hotkey r {
  reboot
}
menuentry 'Exit to the boot order' --id leave --hotkey x {
  exit 1
}
`;
}
