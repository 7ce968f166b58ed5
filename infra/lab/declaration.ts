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
  const groups = ['compute', ...site.further.map(({ name }) => groupOn(name))];
  const nodes = site.nodes.flatMap(({ name, switch: on, port, bmcAddress, mac, network }): Declaration[] => [
    { argv: ['node', 'add', name, '--group', groupOn(network)] },
    // The switch learns the MACs of its own wire alone.
    { argv: network === 'cluster' ? ['node', 'change', name, '--switch', on, '--port', String(port)] : ['node', 'change', name, '--mac', mac] },
    { argv: ['node', 'change', name, '-i', 'BMC', bmcAddress] },
  ]);
  return [
    { argv: ['cluster', 'init', '--frontend_address', site.frontendAddress] },
    ...[cluster, ipmi].flatMap((n): Declaration[] => (n === undefined ? [] : [{ argv: ['network', 'add', n.name, '-N', n.network, '-P', String(n.prefixLength)] }])),
    ...site.further.map(({ name, network, prefixLength, router }): Declaration => (
      { argv: ['network', 'add', name, '-N', network, '-P', String(prefixLength), '--gateway', router, '--provision', 'y'] })),
    { argv: ['switch', 'add', site.switch.name, '--network', site.switch.network, '--ip', site.switch.address, '--read', site.switch.community] },
    { argv: ['osimage', 'add', 'compute', '--path', options.imagePath, '--kernopts', options.kernopts] },
    { argv: ['bmcsetup', 'add', 'base', '--user', bmc.user, '--password-file', bmc.passwordFile, '--userid', '2', '--cipher', String(bmc.cipherSuite)] },
    ...groups.flatMap((group, index): Declaration[] => [
      { argv: ['group', 'add', group, '-o', 'compute', '-N', ['cluster', ...site.further.map(({ name }) => name)][index] ?? 'cluster', '-b', 'base', '--bmcnetwork', 'ipmi'] },
      { argv: ['group', 'change', group, '--partscript'], stdin: options.partscript },
      { argv: ['group', 'change', group, '--postscript'], stdin: options.postscript },
    ]),
    ...nodes,
  ];
}

/** The group of the machines on a network. */
function groupOn(network: string): string {
  return network === 'cluster' ? 'compute' : `compute-${network}`;
}
