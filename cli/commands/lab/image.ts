import { loadConfig } from '../../../infra/config.ts';
import { makeDebianTree } from '../../../infra/image/debian-tree.ts';
import { LunaCommand } from '../../base.ts';
import { interruptible } from '../../interrupt.ts';

export default class LabImage extends LunaCommand {
  static override summary = 'Print the directory of a small Debian to install in the lab, which is made when it is not there.';
  static override description = 'mmdebstrap makes it, once, in a few minutes, from where apt on this machine gets its packages. Root logs in with luna. Needs root.';
  static override examples = ['luna lab image', 'luna osimage add compute --path "$(luna lab image)" --kernopts console=ttyS0'];

  async run(): Promise<{ path: string }> {
    await this.parse(LabImage);
    const { signal, stop } = interruptible();
    try {
      const path = await makeDebianTree({ cacheDir: loadConfig(process.env).cacheDir, signal, progress: (line) => process.stderr.write(`${line}\n`) });
      this.log(path);
      return { path };
    } finally {
      stop();
    }
  }
}
