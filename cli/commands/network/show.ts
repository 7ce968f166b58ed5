import { ShowCommand } from '../../show-command.ts';

export default class NetworkShow extends ShowCommand {
  static override summary = 'Show a network.';
  static override examples = ['luna network show cluster', 'luna network show -n cluster --json'];

  protected readonly kind = 'network';
}
