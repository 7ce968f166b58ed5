import { RenameCommand } from '../../rename-command.ts';

export default class NodeRename extends RenameCommand {
  static override summary = 'Rename a node.';
  static override examples = ['luna node rename node001 login01', 'luna node rename -n node001 --newname login01'];

  protected readonly kind = 'node';
}
