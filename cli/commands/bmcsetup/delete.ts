import { DeleteCommand } from '../../delete-command.ts';

export default class BmcsetupDelete extends DeleteCommand {
  static override summary = 'Delete BMC settings that no group uses.';
  static override examples = ['luna bmcsetup delete base'];

  protected readonly kind = 'bmcsetup';
}
