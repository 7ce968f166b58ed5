import { RenameCommand } from '../../rename-command.ts';

export default class SwitchRename extends RenameCommand {
  static override summary = 'Rename a switch.';
  static override examples = ['luna switch rename switch01 sw-rack1', 'luna switch rename -n switch01 --newname sw-rack1'];

  protected readonly kind = 'switch';
}
