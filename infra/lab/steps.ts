import { join } from 'node:path';
import { declarations, LAB_KERNOPTS } from './declaration.ts';
import type { LabSite } from './site.ts';
import { projectRoot } from '../root.ts';

/** What to type next in a new lab, to be pasted: its site is declared, the image packed, the machines installed. */
export function labSteps(site: LabSite, dir: string, controller: string): string {
  const partscript = join(projectRoot, 'infra', 'initramfs', 'examples', 'one-disk.sh');
  const commands = declarations(site, { imagePath: '"$(luna lab image)"', kernopts: LAB_KERNOPTS, partscript: '', postscript: '' })
    .map(({ argv }) => (argv.includes('--partscript') ? [...argv, '--file', partscript] : argv.includes('--postscript') ? [...argv, '--clear'] : argv));
  const last = site.nodes.map(({ name }) => name).at(-1) ?? 'node001';
  return [
    'Next, to declare this site to luna and install its machines:',
    `  export LUNA_DATA=${word(controller)} LUNA_LAB_DIR=${word(dir)}`,
    ...commands.map((argv) => `  luna ${argv.map(word).join(' ')}`),
    '  luna osimage pack compute',
    `  luna provision ${site.nodes.length > 1 ? `node[001-${last.slice(4)}]` : last}`,
    `  luna lab console ${last}      # root logs in with luna`,
  ].join('\n');
}

/** As the shell has to read it. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) || text.startsWith('"$(') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
