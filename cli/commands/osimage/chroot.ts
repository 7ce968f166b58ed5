import { release } from 'node:os';
import { Args } from '@oclif/core';
import { LunaError } from '../../../domain/errors.ts';
import type { OsimageView } from '../../../domain/views.ts';
import { loadConfig } from '../../../infra/config.ts';
import { withTreeLock } from '../../../infra/image/tree-lock.ts';
import { LunaCommand } from '../../base.ts';
import { enterImage, newestRelease } from '../../enter-image.ts';
import { pathOf } from '../../object-selector.ts';

/** Luna 1's exit code for an image that is locked. */
const LOCKED_EXIT = 8;

export default class OsimageChroot extends LunaCommand {
  static override summary = 'Work inside an OS image: a shell in its tree, or one command.';
  static override description = [
    'The tree gets /dev, /proc, /sys and an empty /run in a mount namespace of its own, and is locked meanwhile: exit code 8 when somebody is in it or it is being packed.',
    "uname(1) tells the image's kernel (by a wrapper in PATH; programs that make the system call themselves see the controller's). As `lchroot IMAGE [COMMAND]` it is the command of Luna 1.",
  ].join('\n');

  static override examples = ['lchroot compute', 'lchroot compute uname -r', 'luna osimage chroot compute -- apt-get update'];
  static override args = {
    name: Args.string({ description: 'the image', ignoreStdin: true, required: true }),
    command: Args.string({ description: 'what to run; a shell without it', ignoreStdin: true, multiple: true }),
  };

  async run(): Promise<{ exit: number }> {
    const { args } = await this.parse(OsimageChroot);
    const { name } = args;
    const image = await this.api<OsimageView>('GET', pathOf('osimage', name));
    if (process.getuid?.() !== 0) throw new LunaError('forbidden', 'Only root may enter an image.', `sudo lchroot ${name}`);
    const entered = { name, tree: image.path, release: image.kernver ?? newestRelease(image.path) ?? release() };
    try {
      const exit = await withTreeLock({ name, runDir: loadConfig(process.env).runDir, shared: false }, () => enterImage(entered, args.command ?? []));
      process.exitCode = exit;
      return { exit };
    } catch (error) {
      if (!(error instanceof LunaError) || error.code !== 'conflict') throw error;
      this.logToStderr(`Error: ${error.message}\nNext:  ${error.next ?? ''}`);
      return this.exit(LOCKED_EXIT);
    }
  }
}
