import type { Mac } from '../domain/mac.ts';
import type { BootHttpDeps } from '../infra/boot/http/app.ts';
import { grubScripts } from '../infra/boot/http/grub-script.ts';
import { type Files, ipxeDirectory, ipxeNames, mappedFiles } from '../infra/boot/tftp/files.ts';
import { firstOf, grubFiles, grubNodePath, grubScriptPath } from '../infra/boot/tftp/grub-files.ts';
import { grubTemplates } from '../infra/templates/node-templates.ts';

/** What the TFTP service has: iPXE for most machines; for those with Secure Boot the signed chain and what GRUB then asks for. */
export function tftpFiles(http: BootHttpDeps & { scriptAsked(mac: Mac): void }): Files {
  const scripts = grubScripts({ ...http, grub: grubTemplates, scriptPath: grubScriptPath, nodePath: grubNodePath });
  return firstOf(mappedFiles({ directories: [ipxeDirectory], names: ipxeNames }), grubFiles({ ...scripts, bootDir: http.bootDir }));
}
