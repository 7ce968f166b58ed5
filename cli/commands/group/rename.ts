import { RenameCommand } from '../../rename-command.ts';

export default class GroupRename extends RenameCommand {
  static override summary = 'Rename a group.';
  static override examples = ['luna group rename compute compute2', 'luna group rename -n compute --newname compute2'];

  protected readonly kind = 'group';
}
