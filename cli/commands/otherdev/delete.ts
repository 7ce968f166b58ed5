import { DeleteCommand } from '../../delete-command.ts';

export default class OtherdevDelete extends DeleteCommand {
  static override summary = 'Delete devices; their addresses become free.';
  static override examples = ['luna otherdev delete pdu01', 'luna otherdev delete pdu[02-04]'];

  protected readonly kind = 'otherdev';
}
