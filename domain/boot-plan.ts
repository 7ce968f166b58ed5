import { bootPolicyOf } from './group.ts';
import { artefactOf, bootInterface } from './install-plan.ts';
import type { Mac } from './mac.ts';
import { frontendUrl, groupOf, hostnameOf } from './node-network.ts';
import type { Node } from './node.ts';
import type { Artefact } from './osimage.ts';
import type { Boot } from './provision.ts';
import type { Site } from './site.ts';

/** What a node that asks over the network is to do next (luna-1 §3.4, §3.6). */
export type BootPlan =
  /** Boot the own disk; `why` is for the screen. */
  | { at: 'localboot'; node: string; why: string }
  /** Load luna's kernel: a shell with the disks untouched, or an installation that carries `boot`'s nonce. */
  | { at: 'service'; node: string; kernel: KernelBoot }
  | { at: 'install'; node: string; kernel: KernelBoot; boot: Boot }
  /** It was armed, said hello and asks again: it restarted. Its nonce is replaced before it gets a script. */
  | { at: 'restarted'; node: string; boot: Boot }
  /** Its boot policy is `always` and no run has armed it yet: its own workflow is started. */
  | { at: 'unasked'; node: string };

/** A kernel, its initramfs in one or two parts (names below /boot/) and the arguments, one word each. */
export interface KernelBoot {
  kernel: string;
  initramfs: string[];
  args: string[];
}

/**
 * Decides one network boot; `mac` is the NIC that asks, when it told. The operator's standing flags come first, then an armed run, then the boot policy.
 * Throws LunaError when luna's kernel is wanted but the image is not packed or an address is missing.
 */
export function bootPlan(site: Site, node: Node, mac: Mac | null, boot: Boot | null): BootPlan {
  if (node.localboot) return { at: 'localboot', node: node.name, why: 'it is set to localboot' };
  if (node.service) return { at: 'service', node: node.name, kernel: serviceBoot(site, node, mac) };
  if (boot?.state === 'armed') return { at: 'install', node: node.name, kernel: installBoot(site, node, mac, boot), boot };
  if (boot?.state === 'live') return { at: 'restarted', node: node.name, boot };
  if (bootPolicyOf(groupOf(site, node)) === 'always') return { at: 'unasked', node: node.name };
  return { at: 'localboot', node: node.name, why: 'nobody asked for an installation' };
}

/** Service mode carries no nonce: nothing is armed, and its agent asks nothing of the controller. */
function serviceBoot(site: Site, node: Node, mac: Mac | null): KernelBoot {
  return kernelBoot(site, node, mac, artefactOf(site, node, null), ['luna.service=1']);
}

function installBoot(site: Site, node: Node, mac: Mac | null, boot: Boot): KernelBoot {
  return kernelBoot(site, node, mac, artefactOf(site, node, boot.artefact), [`luna.nonce=${boot._id}`, 'luna.service=0'], 'swarm');
}

function kernelBoot(site: Site, node: Node, mac: Mac | null, artefact: Artefact, mode: string[], restFrom: 'swarm' | 'controller' = 'controller'): KernelBoot {
  const { file: kernel } = artefact.kernel;
  const address = addressArgs(site, node, mac);
  const { rest } = artefact;
  // Before the rest of the initramfs is there, nothing asks a DHCP server: that machine is given the whole.
  const swarm = restFrom === 'swarm' && rest !== undefined && address.includes('luna.bootproto=static');
  const initramfs = [artefact.initramfs.file, ...(rest && !swarm ? [rest.file] : [])];
  const kernopts = site.osimages.get(artefact.osimage)?.kernopts ?? '';
  const args = [
    // The kernel's EFI stub finds the initramfs by these names; BIOS doesn't need them.
    ...initramfs.map((file) => `initrd=${file}`),
    'root=luna',
    `luna.node=${node.name}`,
    `luna.hostname=${hostnameOf(site, node)}`,
    `luna.url=${frontendUrl(site)}`,
    ...address,
    ...(swarm ? [`luna.rest=${artefact._id}/${rest.sha256}`] : []),
    ...mode,
    ...kernopts.split(/\s+/).filter((word) => word !== ''),
  ];
  return { kernel, initramfs, args };
}

function addressArgs(site: Site, node: Node, asked: Mac | null): string[] {
  const { ip, prefix, network } = bootInterface(site, node);
  const mac = asked ?? site.macsOf.get(node._id)?.[0];
  if (mac === undefined) return ['luna.bootproto=dhcp'];
  const gateway = network?.gateway ?? null;
  return ['luna.bootproto=static', `luna.mac=${mac}`, `luna.ip=${ip}/${prefix}`, ...(gateway === null ? [] : [`luna.gw=${gateway}`])];
}
