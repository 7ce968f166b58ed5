import { DeleteCommand } from '../../delete-command.ts';

export default class OsimageDelete extends DeleteCommand {
  static override summary = 'Delete OS images that no group uses; their trees stay on disk.';
  static override examples = ['luna osimage delete old'];

  protected readonly kind = 'osimage';
}
