import { Errors, Flags } from '@oclif/core';
import type { BootPolicy } from '../../../domain/group.ts';
import type { GroupView } from '../../../domain/views.ts';
import { bootFields, bootFlags } from '../../boot-fields.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { changesOf } from '../../changes.ts';
import { findInterface, interfaceDetails } from '../../group-interfaces.ts';
import { bootDomain, bootInterfaceOps, changesInterface, delnetAlone, interfaceFlags, type InterfaceGiven, interfaceMeant, type InterfaceOp, interfaceOps } from '../../interface-ops.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';
import { readText, type TextFlags } from '../../text-input.ts';

const TEXTS = ['prescript', 'partscript', 'postscript', 'comment'] as const;
type Text = (typeof TEXTS)[number];
const POLICIES: readonly (BootPolicy | 'default')[] = ['once', 'always', 'default'];

export default class GroupChange extends ChangeCommand {
  static override summary = 'Change a group. Scripts come from stdin, --file, or $EDITOR on a terminal.';
  static override description = "A script that bash can't read is refused. With -n NAME and without -e a script is shown when none is given, as in Luna 1 before 1.2.";
  static override examples = [
    'luna group change compute -b base',
    'luna group change -n compute -i BOOTIF --setnet cluster',
    'luna group change compute -i BMC --add --setnet ipmi',
    'luna group change compute --partscript < partscript.sh',
    'luna group change compute --postscript --file postscript.sh',
    "luna group change compute --boot-policy once --domain ''",
    'luna group change compute --ipxe ipxe --dhcp-option 42=10.30.255.254',
    'luna group change compute -i storage --add --setnet storage --vlan 100@BOOTIF --mtu 9000',
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
    ...bootFlags,
    ...interfaceFlags,
  };

  protected readonly kind = 'group';

  async run(): Promise<object> {
    const { args, flags } = await this.parse(GroupChange, delnetAlone(this.argv));
    const name = selectObject('group', args.name, flags.name);
    const { osimage, bmcsetup, domain, torrent_if, 'boot-policy': policy, bootloader, attempts } = flags;
    const fields = changesOf({ osimage, bmcsetup, domain, torrent_if, bootloader, attempts }, ['bmcsetup', 'domain', 'torrent_if']);
    Object.assign(fields, bootFields(flags));
    if (policy !== undefined) fields['boot_policy'] = policy === 'default' ? null : policy;
    const texts = TEXTS.filter((key) => flags[key]);
    const meant = interfaceMeant(flags);
    if (texts.length + (flags.edit && meant !== undefined ? 1 : 0) > 1) throw new Errors.CLIError('Only one text can be edited at a time.', { exit: 2 });
    const [text] = texts;
    if (text !== undefined) {
      const edited = await this.edited(name, text, flags);
      if (edited === undefined) return this.showText(name, text);
      Object.assign(fields, edited);
    }
    if (flags.boot_if !== undefined) this.outdated('--boot_if IF', `luna group change ${name} -i IF --rename BOOTIF`);
    if (meant === undefined && flags.boot_if === undefined) return this.change(name, fields);
    const group = await this.api<GroupView>('GET', pathOf('group', name));
    if (meant !== undefined && flags.boot_if === undefined && !changesInterface(flags)) return this.showInterface(group, meant);
    const domainToo = bootDomain(flags, group);
    if (domainToo !== undefined && !('domain' in fields)) fields['domain'] = domainToo;
    const interfaces = [...bootInterfaceOps(flags.boot_if, group), ...(meant === undefined ? [] : await this.interfaceChanges(flags, meant, group))];
    if (interfaces.length > 0) fields['interfaces'] = interfaces;
    // What --boot_if asks for may be so already.
    return Object.keys(fields).length === 0 ? group : this.change(name, fields);
  }

  private async interfaceChanges(flags: InterfaceGiven & TextFlags, name: string, group: GroupView): Promise<InterfaceOp[]> {
    if (flags.bmcnetwork) this.outdated('--bmcnetwork', '-i BMC');
    if (!flags.edit) return interfaceOps(flags, name, undefined, group);
    const current = (): Promise<string> => Promise.resolve(this.begin(group.name, group.rev, findInterface(group, name).params));
    const params = this.note(await readText({ what: `extra lines of interface ${name}`, flags, current }));
    return interfaceOps(flags, name, params, group);
  }

  /** The text that was given. Undefined when Luna 1's first form asks to see it: -n NAME without -e, and nothing is given. */
  private async edited(name: string, key: Text, flags: TextFlags & { name?: string | undefined; edit: boolean }): Promise<Record<string, string> | undefined> {
    const script = key !== 'comment';
    const mayShow = flags.name !== undefined && !flags.edit && flags.file === undefined && !flags.clear;
    if (!mayShow) return this.textField(name, key, flags, script);
    return process.stdin.isTTY ? undefined : this.textFieldIfGiven(name, key, flags, script);
  }

  private async showText(name: string, key: Text): Promise<object> {
    this.outdated(`--${key} without -e`, `luna group show ${name} --${key}`);
    const text = await this.currentText(name, key);
    this.log(text);
    return { [key]: text };
  }

  private showInterface(group: GroupView, name: string): object {
    this.outdated('-i IF alone', `luna group show ${group.name} -i ${name}`);
    const found = findInterface(group, name);
    this.log(interfaceDetails(found));
    return found;
  }
}
