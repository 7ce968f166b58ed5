import { ShowCommand } from '../../show-command.ts';

export default class OsimageShow extends ShowCommand {
  static override summary = 'Show an OS image.';
  static override examples = ['luna osimage show compute'];

  protected readonly kind = 'osimage';
}
