import { ShowCommand } from '../../show-command.ts';

export default class SwitchShow extends ShowCommand {
  static override summary = 'Show a switch.';
  static override examples = ['luna switch show switch01'];

  protected readonly kind = 'switch';
  protected override readonly references = ['network'];
}
