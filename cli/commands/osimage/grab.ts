import { Flags } from '@oclif/core';
import { LunaError } from '../../../domain/errors.ts';
import { treeMistake } from '../../../domain/tree-path.ts';
import type { OsimageView } from '../../../domain/views.ts';
import { loadConfig } from '../../../infra/config.ts';
import { withTreeLock } from '../../../infra/image/tree-lock.ts';
import { LunaCommand } from '../../base.ts';
import { filesystemsOf, grabImage } from '../../grab-image.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';

export default class OsimageGrab extends LunaCommand {
  static override summary = "Make an OS image's tree what a running machine has on its disks.";
  static override description = 'Copies the file systems of the image (grab_filesystems) over ssh as root, without what it leaves out (grab_exclude_list); what the machine has not got goes from the tree, which is locked meanwhile. Try it with --dry_run first.';
  static override examples = ['luna osimage grab compute --host node001 --dry_run', 'luna osimage grab -n compute -H node001'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    host: Flags.string({ char: 'H', summary: 'The machine, by name or address.', required: true, helpValue: 'HOST' }),
    dry_run: Flags.boolean({ char: 'd', aliases: ['dry-run'], summary: 'Only show what would be copied and deleted.' }),
    verbose: Flags.boolean({ char: 'v', summary: 'Show each file.' }),
  };

  async run(): Promise<object> {
    const { args, flags } = await this.parse(OsimageGrab);
    const name = selectObject('osimage', args.name, flags.name);
    const { path: tree, grab_filesystems, grab_exclude_list: excludes } = await this.api<OsimageView>('GET', pathOf('osimage', name));
    const mistake = treeMistake(tree);
    if (mistake !== null) throw new LunaError('invalid', `osimage ${name}: ${mistake}`, `luna osimage change ${name} --path DIR`);
    const filesystems = filesystemsOf(grab_filesystems);
    await withTreeLock({ name, runDir: loadConfig(process.env).runDir, shared: flags.dry_run }, () => {
      grabImage({ host: flags.host, tree, filesystems, excludes, dryRun: flags.dry_run, verbose: flags.verbose || flags.dry_run });
    });
    if (flags.dry_run) this.log('Nothing was copied: it was a dry run.');
    else this.log(`Grabbed ${filesystems.join(', ')} of ${flags.host} into osimage ${name}.\nNext: luna osimage pack ${name}`);
    return { osimage: name, host: flags.host, tree, filesystems, dryRun: flags.dry_run };
  }
}
