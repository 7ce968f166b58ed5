import { ShowCommand } from '../../show-command.ts';

export default class BmcsetupShow extends ShowCommand {
  static override summary = 'Show a BMC setting; its password is never shown.';
  static override examples = ['luna bmcsetup show base'];

  protected readonly kind = 'bmcsetup';
}
