import { Flags } from '@oclif/core';

/** `--dir`, the same for all commands of `luna lab`. */
export const labDir = Flags.string({
  summary: "The lab's directory; all it writes is there.",
  env: 'LUNA_LAB_DIR',
  default: '/var/lib/luna-lab',
  helpValue: 'DIR',
});
