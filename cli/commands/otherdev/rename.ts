import { RenameCommand } from '../../rename-command.ts';

export default class OtherdevRename extends RenameCommand {
  static override summary = 'Rename a device.';
  static override examples = ['luna otherdev rename pdu01 pdu-rack1', 'luna otherdev rename -n pdu01 --newname pdu-rack1'];

  protected readonly kind = 'otherdev';
}
