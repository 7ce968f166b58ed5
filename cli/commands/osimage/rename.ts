import { RenameCommand } from '../../rename-command.ts';

export default class OsimageRename extends RenameCommand {
  static override summary = 'Rename an OS image; what is packed keeps its content.';
  static override examples = ['luna osimage rename compute compute2', 'luna osimage rename -n compute --newname compute2'];

  protected readonly kind = 'osimage';
}
