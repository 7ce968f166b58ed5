import { DeleteCommand } from '../../delete-command.ts';

export default class NodeDelete extends DeleteCommand {
  static override summary = 'Delete nodes; their addresses, ports and MACs become free.';
  static override examples = ['luna node delete node001', 'luna node delete node[001-003,007]'];

  protected readonly kind = 'node';
}
