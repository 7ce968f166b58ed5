import type { OsimageView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';

export default class OsimageList extends ListCommand<OsimageView> {
  static override summary = 'List the OS images.';
  static override examples = ['luna osimage list'];

  protected readonly kind = 'osimage';
  protected readonly columns = [
    { title: 'Name', field: 'name', cell: (o: OsimageView): unknown => o.name },
    { title: 'Path', field: 'path', cell: (o: OsimageView): unknown => o.path },
    { title: 'Kernel version', field: 'kernver', cell: (o: OsimageView): unknown => o.kernver },
  ];
  protected override readonly wide = [
    { title: 'Packed', field: 'packed', cell: (o: OsimageView): unknown => o.packed },
    { title: 'Kernel options', field: 'kernopts', cell: (o: OsimageView): unknown => o.kernopts },
    { title: 'Comment', field: 'comment', cell: (o: OsimageView): unknown => o.comment },
  ];
}
