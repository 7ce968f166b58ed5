import type { NetworkSetup } from '../../domain/network-setup.ts';
import { type Rendered, sh, verbatim } from './render.ts';

/**
 * The networks of an installed system as commands of the agent (network.sh of the initramfs), which it runs as they are,
 * and as people are shown them. `whose`: `node001 with osimage compute`.
 */
export function networkScript(setup: NetworkSetup, whose: string): Rendered {
  const commands = [
    sh`networks_by ${setup.style}`,
    ...setup.folders.map((folder) => sh`forget ${folder}`),
    ...setup.files.map(({ mode, path, text }) => sh`put ${verbatim(mode)} ${path} ${text}`),
    ...setup.lines.map(({ path, unless, line }) => sh`ensure ${path} ${unless} ${line}`),
    ...(setup.resolver === null ? [] : [sh`resolver ${setup.resolver}`]),
    ...setup.units.map((unit) => sh`enable_unit ${unit}`),
  ];
  return sh`# The networks of ${verbatim(whose)}: docs/network-files.md
${commands}
`;
}
