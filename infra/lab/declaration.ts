import type { LabSite } from './site.ts';

/** One command that declares a part of a site: arguments of `luna`, and what it reads from stdin. */
export interface Declaration {
  argv: string[];
  stdin?: string;
}

/**
 * Kernel arguments for the lab's emulated machines: their consoles are serial; and without address randomisation the
 * emulator uses a program's translated code again, which makes starting one three times as fast.
 */
export const LAB_KERNOPTS = 'console=ttyS0 norandmaps';

/** What an administrator decides beside what the machines are. */
export interface DeclarationOptions {
  /** Directory tree of the operating system. */
  imagePath: string;
  /** Kernel arguments, {@link LAB_KERNOPTS} as a rule. */
  kernopts: string;
  partscript: string;
  postscript: string;
}

/** The commands that declare a lab's site to luna, in the order of Luna 1's tutorial. The demo, tests and people type the same. */
export function declarations(site: LabSite, options: DeclarationOptions): Declaration[] {
  const [cluster, ipmi] = site.networks;
  const { bmc } = site;
  const nodes = site.nodes.flatMap(({ name, switch: on, port, bmcAddress }): Declaration[] => [
    { argv: ['node', 'add', name, '--group', 'compute'] },
    { argv: ['node', 'change', name, '--switch', on, '--port', String(port)] },
    { argv: ['node', 'change', name, '-i', 'BMC', bmcAddress] },
  ]);
  return [
    { argv: ['cluster', 'init', '--frontend_address', site.frontendAddress] },
    ...[cluster, ipmi].flatMap((n): Declaration[] => (n === undefined ? [] : [{ argv: ['network', 'add', n.name, '-N', n.network, '-P', String(n.prefixLength)] }])),
    { argv: ['switch', 'add', site.switch.name, '--network', site.switch.network, '--ip', site.switch.address, '--read', site.switch.community] },
    { argv: ['osimage', 'add', 'compute', '--path', options.imagePath, '--kernopts', options.kernopts] },
    { argv: ['bmcsetup', 'add', 'base', '--user', bmc.user, '--password-file', bmc.passwordFile, '--userid', '2', '--cipher', String(bmc.cipherSuite)] },
    { argv: ['group', 'add', 'compute', '-o', 'compute', '-N', 'cluster', '-b', 'base', '--bmcnetwork', 'ipmi'] },
    { argv: ['group', 'change', 'compute', '--partscript'], stdin: options.partscript },
    { argv: ['group', 'change', 'compute', '--postscript'], stdin: options.postscript },
    ...nodes,
  ];
}
