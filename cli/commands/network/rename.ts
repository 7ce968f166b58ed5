import { RenameCommand } from '../../rename-command.ts';

export default class NetworkRename extends RenameCommand {
  static override summary = 'Rename a network.';
  static override examples = ['luna network rename ipmi bmc', 'luna network rename -n ipmi --newname bmc'];

  protected readonly kind = 'network';
}
