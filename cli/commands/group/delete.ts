import { DeleteCommand } from '../../delete-command.ts';

export default class GroupDelete extends DeleteCommand {
  static override summary = 'Delete groups without nodes.';
  static override examples = ['luna group delete old'];

  protected readonly kind = 'group';
}
