import { Errors, Flags } from '@oclif/core';
import type { BootPolicy } from '../../../domain/group.ts';
import type { GroupView } from '../../../domain/views.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { changesOf } from '../../changes.ts';
import { noSuchInterface } from '../../group-interfaces.ts';
import { interfaceFlags, interfaceOps } from '../../interface-ops.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';
import { readText } from '../../text-input.ts';

const TEXTS = ['prescript', 'partscript', 'postscript', 'comment'] as const;
const POLICIES: readonly (BootPolicy | 'default')[] = ['once', 'always', 'default'];

export default class GroupChange extends ChangeCommand {
  static override summary = 'Change a group. Scripts come from stdin, --file, or $EDITOR on a terminal.';
  static override examples = [
    'luna group change compute -b base',
    'luna group change -n compute -i BOOTIF --setnet cluster',
    'luna group change compute -i BMC --add --setnet ipmi',
    'luna group change compute --partscript < partscript.sh',
    'luna group change compute --postscript --file postscript.sh',
    "luna group change compute --boot-policy once --domain ''",
  ];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    osimage: Flags.string({ char: 'o', summary: 'The OS image its nodes get.' }),
    bmcsetup: Flags.string({ char: 'b', summary: 'How its BMCs are reached and set up; empty: not at all.' }),
    domain: Flags.string({ char: 'd', summary: 'The network whose name is the DNS domain; empty: none.', helpValue: 'NETWORK' }),
    prescript: Flags.boolean({ aliases: ['pre'], summary: 'Edit the script before partitioning.' }),
    partscript: Flags.boolean({ aliases: ['part'], summary: 'Edit the script that mounts /sysroot.' }),
    postscript: Flags.boolean({ aliases: ['post'], summary: 'Edit the script after unpacking.' }),
    ...commentFlags,
    torrent_if: Flags.string({ aliases: ['torrent-if', 'ti'], summary: 'The interface nodes download on; empty clears it.', helpValue: 'IF' }),
    'boot-policy': Flags.string({
      aliases: ['boot_policy'],
      options: POLICIES,
      summary: 'once: install when asked; always: at every network boot; default: always while /sysroot is in memory.',
    }),
    bootloader: Flags.string({ options: ['auto', 'none'], summary: 'auto: the agent installs one where the postscript left none.' }),
    attempts: Flags.integer({ summary: 'How often a stage is tried.', min: 1, max: 10 }),
    ...interfaceFlags,
  };

  protected readonly kind = 'group';

  async run(): Promise<GroupView> {
    const { args, flags } = await this.parse(GroupChange);
    const name = selectObject('group', args.name, flags.name);
    const { osimage, bmcsetup, domain, torrent_if, 'boot-policy': policy, bootloader, attempts } = flags;
    const fields = changesOf({ osimage, bmcsetup, domain, torrent_if, bootloader, attempts }, ['bmcsetup', 'domain', 'torrent_if']);
    if (policy !== undefined) fields['boot_policy'] = policy === 'default' ? null : policy;
    const texts = TEXTS.filter((key) => flags[key]);
    const editsInterface = flags.edit && flags.interface !== undefined;
    if (texts.length + (editsInterface ? 1 : 0) > 1) throw new Errors.CLIError('Only one text can be edited at a time.', { exit: 2 });
    for (const key of texts) Object.assign(fields, await this.textField(name, key, flags.file));
    const params = editsInterface ? await this.params(name, flags.interface ?? '', flags.file) : undefined;
    const [first, ...more] = interfaceOps(flags, params);
    return this.change(name, { ...fields, ...(first ? { interface: first } : {}) }, ...more.map((op) => ({ interface: op })));
  }

  /** Extra configuration lines of an interface, as typed now. */
  private params(group: string, name: string, file: string | undefined): Promise<string> {
    const current = async (): Promise<string> => {
      const view = await this.api<GroupView>('GET', pathOf('group', group));
      const found = view.interfaces.find((i) => i.name === name);
      if (!found) throw noSuchInterface(view, name);
      return found.params;
    };
    return readText({ what: `extra lines of interface ${name}`, file, current });
  }
}
