import { Flags } from '@oclif/core';
import type { KernelView, OsimageView } from '../../../domain/views.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';
import { showOutputLong } from '../../output/output-flags.ts';
import { ShowCommand, showFlags } from '../../show-command.ts';

const FIELDS = ['path', 'kernopts', 'grab_exclude_list', 'grab_filesystems'] as const;
const VIEWS = ['raw', 'comment', 'output', 'kernver', ...FIELDS];

/** A view that stands alone excludes the others. */
const alone = (view: string): { exclusive: string[] } => ({ exclusive: VIEWS.filter((other) => other !== view) });

export default class OsimageShow extends ShowCommand {
  static override summary = 'Show an OS image, or one of its fields alone.';
  static override examples = ['luna osimage show compute', 'luna osimage show compute --kernver', 'luna osimage show compute -o json'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    ...showFlags,
    ...showOutputLong,
    path: Flags.boolean({ char: 'p', summary: 'The directory of its tree.', ...alone('path') }),
    kernver: Flags.boolean({ char: 'k', summary: 'Every kernel in its tree; the one it runs is marked.', ...alone('kernver') }),
    kernopts: Flags.boolean({ char: 'o', summary: 'Its kernel options.', ...alone('kernopts') }),
    grab_exclude_list: Flags.boolean({ char: 'e', aliases: ['grab-exclude-list'], summary: 'What grab leaves out.', ...alone('grab_exclude_list') }),
    grab_filesystems: Flags.boolean({ char: 'f', aliases: ['grab-filesystems'], summary: 'The file systems that grab takes.', ...alone('grab_filesystems') }),
  };

  protected readonly kind = 'osimage';

  override async run(): Promise<object> {
    const { args, flags } = await this.parse(OsimageShow);
    const name = selectObject('osimage', args.name, flags.name);
    if (flags.kernver) return this.showKernels(name);
    const field = FIELDS.find((key) => flags[key]);
    if (field === undefined) return this.show(name, flags);
    const value = (await this.api<OsimageView & Partial<Record<string, string | null>>>('GET', pathOf('osimage', name)))[field] ?? '';
    this.log(value);
    return { [field]: value };
  }

  /** As Luna 1: a line for each, ` <=` behind the one that is run. */
  private async showKernels(name: string): Promise<KernelView[]> {
    const kernels = await this.api<KernelView[]>('GET', `${pathOf('osimage', name)}/kernels`);
    for (const { kernver, current, installed } of kernels) this.log(`${kernver}${current ? ' <=' : ''}${installed ? '' : ' (not in the tree)'}`);
    return kernels;
  }
}
