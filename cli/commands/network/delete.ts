import { DeleteCommand } from '../../delete-command.ts';

export default class NetworkDelete extends DeleteCommand {
  static override summary = 'Delete networks that nothing uses.';
  static override examples = ['luna network delete ipmi'];

  protected readonly kind = 'network';
}
