import { RenameCommand } from '../../rename-command.ts';

export default class BmcsetupRename extends RenameCommand {
  static override summary = 'Rename a BMC setting.';
  static override examples = ['luna bmcsetup rename base supermicro', 'luna bmcsetup rename -n base --newname supermicro'];

  protected readonly kind = 'bmcsetup';
}
