import { release } from 'node:os';
import { join } from 'node:path';
import { Args } from '@oclif/core';
import { LunaError } from '../../../domain/errors.ts';
import type { PackStatus } from '../../../domain/run-views.ts';
import type { OsimageView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { enterImage, LOCKED_EXIT, newestRelease } from '../../enter-image.ts';
import { pathOf } from '../../object-selector.ts';

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
    if (await this.isPacked(name)) this.locked(`osimage ${name} is being packed`);
    const exit = enterImage({
      name,
      tree: image.path,
      release: image.kernver ?? newestRelease(image.path) ?? release(),
      lock: join(process.env['LUNA_DATA'] || '/var/lib/luna', 'run', `osimage-${name}.lock`),
    }, args.command ?? []);
    if (exit === LOCKED_EXIT && (args.command ?? []).length === 0) this.locked(`somebody is in osimage ${name} already`);
    process.exitCode = exit;
    return { exit };
  }

  private async isPacked(name: string): Promise<boolean> {
    try {
      return (await this.api<PackStatus>('GET', `${pathOf('osimage', name)}/pack`)).state === 'running';
    } catch (error) {
      // It was never packed, or Temporal is away: then nobody packs it now.
      if (error instanceof LunaError) return false;
      throw error;
    }
  }

  private locked(why: string): never {
    this.logToStderr(`Error: ${why}\nNext:  try again later`);
    return this.exit(LOCKED_EXIT);
  }
}
