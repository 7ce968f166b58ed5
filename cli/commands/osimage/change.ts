import { Flags } from '@oclif/core';
import type { OsimageView } from '../../../domain/views.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { changesOf } from '../../changes.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class OsimageChange extends ChangeCommand {
  static override summary = 'Change an OS image. Kernel, modules and tree count from the next pack on.';
  static override examples = ['luna osimage change compute -o "console=ttyS0,115200"', 'luna osimage change -n compute -k 6.1.0-28-amd64', "luna osimage change compute -o ''"];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    kernver: Flags.string({ char: 'k', summary: 'Kernel release to install with and to run; empty: the newest in the tree.' }),
    kernopts: Flags.string({ char: 'o', summary: 'Added to the kernel command line; empty: nothing.' }),
    dracutmodules: Flags.string({ char: 'd', summary: 'Modules of the initramfs, a comma list; -MODULE omits one.', helpValue: 'A,-B' }),
    kernmodules: Flags.string({ char: 'm', summary: 'Drivers of the initramfs, a comma list; -DRIVER omits one.', helpValue: 'A,-B' }),
    path: Flags.string({ char: 'p', summary: "The tree's directory.", helpValue: 'DIR' }),
    grab_exclude_list: Flags.boolean({ char: 'e', aliases: ['grab-exclude-list'], summary: 'Edit what grab leaves out, a pattern per line as rsync reads it.', exclusive: ['comment'] }),
    grab_filesystems: Flags.string({ char: 'f', aliases: ['grab-filesystems'], summary: 'The file systems that grab takes, a comma list.', helpValue: '/,/boot' }),
    ...commentFlags,
  };

  protected readonly kind = 'osimage';

  async run(): Promise<OsimageView> {
    const { args, flags } = await this.parse(OsimageChange);
    const name = selectObject('osimage', args.name, flags.name);
    const { grab_exclude_list, ...rest } = flags;
    const exclude = grab_exclude_list ? await this.textField(name, 'grab_exclude_list', flags) : {};
    return this.change(name, { ...changesOf(rest, ['kernver']), ...exclude, ...(await this.commentField(name, flags)) });
  }
}
