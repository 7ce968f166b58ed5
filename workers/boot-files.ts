import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BOOT_FIRMWARE, SHIM } from '../domain/boot-files.ts';
import { ipxeDirectory } from '../infra/boot/tftp/files.ts';
import { signedFilesHere } from '../infra/boot/tftp/grub-files.ts';

/** Which of the boot programs that luna knows are on this machine, as of the last `look`. Files of other names are taken to be there. */
export function bootFilesHere() {
  const known = new Set(BOOT_FIRMWARE.flatMap(({ ladder }) => ladder));
  let here = new Set<string>();
  function look(): void {
    here = new Set([...known].filter((file) => (file === SHIM ? signedFilesHere() : existsSync(join(ipxeDirectory, file)))));
  }
  look();
  return { look, has: (file: string): boolean => !known.has(file) || here.has(file) };
}
