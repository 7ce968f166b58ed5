import { DeleteCommand } from '../../delete-command.ts';

export default class SwitchDelete extends DeleteCommand {
  static override summary = 'Delete switches that no node is declared on.';
  static override examples = ['luna switch delete switch01'];

  protected readonly kind = 'switch';
}
