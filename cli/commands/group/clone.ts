import type { GroupView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { cloneArgs, cloneFlags, cloneNames } from '../../clone-command.ts';
import { pathOf } from '../../object-selector.ts';

export default class GroupClone extends ChangingCommand {
  static override summary = 'Make a group like another one: image, scripts, interfaces with their networks and extra lines; no nodes.';
  static override examples = ['luna group clone compute --to gpu', 'luna group clone -n compute -t gpu'];
  static override args = cloneArgs;
  static override flags = cloneFlags;

  async run(): Promise<GroupView> {
    const { args, flags } = await this.parse(GroupClone);
    const { name, to } = cloneNames('group', args, flags);
    const made = await this.api<GroupView>('POST', `${pathOf('group', name)}/clone`, { to });
    this.log(`Cloned group ${name} to ${to}.`);
    return made;
  }
}
