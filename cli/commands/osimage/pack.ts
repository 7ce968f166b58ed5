import { Errors, Flags } from '@oclif/core';
import type { PackStatus } from '../../../domain/run-views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { followPack } from '../../follow-pack.ts';
import { Interrupted, interruptible, INTERRUPTED_EXIT } from '../../interrupt.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';

/** Luna 1 could make half a version; here a version is complete, and what did not change is not made again. */
const outdatedPackFlags = {
  image: Flags.boolean({ char: 'i', summary: "Luna 1's: the tree alone.", hidden: true }),
  boot: Flags.boolean({ char: 'b', summary: "Luna 1's: kernel and initramfs alone.", hidden: true, exclusive: ['image'] }),
  copy_boot: Flags.boolean({ char: 'c', aliases: ['copy-boot'], summary: "Luna 1's: the initramfs that lies in the image.", hidden: true }),
};

export default class OsimagePack extends ChangingCommand {
  static override summary = 'Pack an OS image: tree, torrent, kernel and initramfs; the new version counts once it is complete.';
  static override description = 'Shows the progress until it is done. Ctrl-C cancels it, and nothing half-made stays. A pack that runs already is followed.';
  static override examples = ['luna osimage pack compute', 'luna osimage pack -n compute --no-wait'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    wait: Flags.boolean({ summary: 'Follow until it is done; --no-wait returns the ids.', default: true, allowNo: true }),
    ...outdatedPackFlags,
  };

  async run(): Promise<object> {
    const { args, flags } = await this.parse(OsimagePack);
    const name = selectObject('osimage', args.name, flags.name);
    for (const key of Object.keys(outdatedPackFlags)) if (flags[key as keyof typeof outdatedPackFlags]) this.outdated(`--${key}`, `luna osimage pack ${name}`);
    const path = `${pathOf('osimage', name)}/pack`;
    const started = await this.api<{ workflowId: string; runId: string }>('POST', path);
    if (!flags.wait) {
      this.log(`${name}: ${started.workflowId} ${started.runId}\nNext: luna osimage pack ${name} follows it`);
      return started;
    }
    const { signal, stop } = interruptible();
    try {
      const out = this.jsonEnabled() ? process.stderr : process.stdout;
      const ended = await followPack(() => this.api<PackStatus>('GET', path, undefined, { signal }), out, signal);
      if (ended.state === 'done') this.log(`Packed osimage ${name}.`);
      else {
        process.exitCode = 1;
        this.logToStderr(`Error: osimage ${name} was not packed: ${ended.message}\nNext:  luna osimage pack ${name}`);
      }
      return ended;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      await this.api('DELETE', path);
      this.logToStderr(`\nCancelled: osimage ${name} stays as it was packed last.`);
      throw new Errors.ExitError(INTERRUPTED_EXIT);
    } finally {
      stop();
    }
  }
}
