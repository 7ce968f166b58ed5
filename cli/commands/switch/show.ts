import { ShowListCommand } from '../../show-list-command.ts';

export default class SwitchShow extends ShowListCommand {
  static override summary = 'Show switches.';
  static override examples = ['luna switch show switch01', 'luna switch show switch[01-04] -o yaml'];

  protected readonly kind = 'switch';
  protected override readonly references = ['network'];
}
