import { Flags } from '@oclif/core';
import { BMC } from '../../../domain/node-network.ts';
import type { GroupView } from '../../../domain/views.ts';
import { findInterface, groupText, interfaceDetails } from '../../group-interfaces.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';
import { showOutputLong } from '../../output/output-flags.ts';
import { ShowCommand, showFlags } from '../../show-command.ts';

const TEXTS = ['prescript', 'partscript', 'postscript', 'osimage', 'bmcsetup'] as const;
const VIEWS = ['raw', 'comment', 'interface', 'bmcnetwork', ...TEXTS];

/** A view that stands alone excludes the others. */
const alone = (view: string): { exclusive: string[] } => ({ exclusive: VIEWS.filter((other) => other !== view) });

export default class GroupShow extends ShowCommand {
  static override summary = 'Show a group, or one of its texts alone.';
  static override examples = ['luna group show compute', 'luna group show compute --partscript > partscript.sh', 'luna group show compute -i BOOTIF'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    ...showFlags,
    ...showOutputLong,
    osimage: Flags.boolean({ char: 'o', summary: 'Its OS image alone.', ...alone('osimage') }),
    bmcsetup: Flags.boolean({ char: 'b', summary: 'Its BMC setting alone.', ...alone('bmcsetup') }),
    prescript: Flags.boolean({ aliases: ['pre'], summary: 'The script before partitioning.', ...alone('prescript') }),
    partscript: Flags.boolean({ aliases: ['part'], summary: 'The script that mounts /sysroot.', ...alone('partscript') }),
    postscript: Flags.boolean({ aliases: ['post'], summary: 'The script after unpacking.', ...alone('postscript') }),
    interface: Flags.string({ char: 'i', summary: 'One interface with its extra parameters.', helpValue: 'IF', ...alone('interface') }),
    bmcnetwork: Flags.boolean({ aliases: ['bn'], summary: 'The same as -i BMC.', hidden: true, ...alone('bmcnetwork') }),
  };

  protected readonly kind = 'group';
  protected override readonly references = ['osimage', 'bmcsetup', 'domain'];

  override async run(): Promise<object> {
    const { args, flags } = await this.parse(GroupShow);
    const name = selectObject('group', args.name, flags.name);
    const text = TEXTS.find((key) => flags[key]);
    const iface = flags.bmcnetwork ? BMC : flags.interface;
    if (flags.bmcnetwork) this.outdated('--bmcnetwork', `-i ${BMC}`);
    if (text === undefined && iface === undefined) return this.show(name, flags);
    const group = await this.api<GroupView>('GET', pathOf('group', name));
    if (text !== undefined) {
      this.log(group[text] ?? '');
      return { [text]: group[text] };
    }
    const found = findInterface(group, iface ?? '');
    this.log(interfaceDetails(found));
    return found;
  }

  protected override shown(object: object): object {
    return groupText(object as GroupView);
  }
}
