import type { Mac } from '../../../domain/mac.ts';
import type { Node } from '../../../domain/node.ts';
import { apology } from './apology.ts';
import { bootScript, type Asker, type BootScriptDeps, type BootTemplates, type Script } from './boot-script.ts';
import { chooseNode, knownMachine, type DiscoveryDeps } from './discovery.ts';

/** Renders boot scripts for GRUB; its paths are names of the TFTP service. */
export interface GrubTemplates extends Omit<BootTemplates, 'menu'> {
  menu(nodes: readonly string[], chosen: (node: string) => string, again: string): Script;
}

/** What answering GRUB asks of its surroundings. */
export interface GrubScriptDeps extends Omit<BootScriptDeps, 'templates'>, DiscoveryDeps {
  readonly grub: GrubTemplates;
  /** Told that a machine came as far as its boot script. */
  scriptAsked(mac: Mac): void;
  /** Paths under which GRUB asks for scripts. */
  scriptPath(mac: Mac): string;
  nodePath(mac: Mac, node: string): string;
}

/** How long GRUB waits after an answer that could not be made. */
const APOLOGY_S = 10;

/**
 * The boot scripts of machines whose Secure Boot lets no iPXE run, with the same plan behind them as the boot HTTP
 * service's. Whatever goes wrong is answered by a script that asks again, as there.
 */
export function grubScripts(deps: GrubScriptDeps): {
  script(mac: Mac, ip: string): Promise<string>;
  chosen(mac: Mac, node: string, ip: string): Promise<string>;
} {
  const forBoot: BootScriptDeps = { ...deps, templates: { ...deps.grub, menu: () => '' } };

  async function answer(asker: Asker & { mac: Mac }, find: () => Promise<Node | null> | Node | null): Promise<string> {
    deps.scriptAsked(asker.mac);
    try {
      const node = await find();
      if (node !== null) return String(await bootScript(forBoot, node, asker));
      deps.sighting(asker.mac, { ip: asker.ip, where: 'menu' });
      const names = [...deps.site().nodesByName.keys()].sort();
      return String(deps.grub.menu(names, (name) => deps.nodePath(asker.mac, name), asker.again));
    } catch (error) {
      return String(deps.grub.again(apology(deps.log, error, asker).shown, APOLOGY_S, asker.again));
    }
  }

  const askerOf = (mac: Mac, ip: string): Asker & { mac: Mac } => ({ mac, ip, again: deps.scriptPath(mac), server: null, told: () => undefined });
  return {
    script: (mac, ip) => answer(askerOf(mac, ip), () => knownMachine(deps, [mac])?.node ?? null),
    chosen: (mac, name, ip) => answer(askerOf(mac, ip), async () => (await chooseNode(deps, name, [mac], ip)).node),
  };
}
