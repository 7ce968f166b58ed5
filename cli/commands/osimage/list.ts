import type { OsimageView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';

export default class OsimageList extends ListCommand<OsimageView> {
  static override summary = 'List the OS images.';
  static override examples = ['luna osimage list'];

  protected readonly kind = 'osimage';
  protected readonly columns = [
    { title: 'Name', cell: (o: OsimageView): unknown => o.name },
    { title: 'Path', cell: (o: OsimageView): unknown => o.path },
    { title: 'Kernel version', cell: (o: OsimageView): unknown => o.kernver },
  ];
}
