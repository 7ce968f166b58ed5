import { LunaError } from '../../../domain/errors.ts';
import { isMac, parseMac, type Mac } from '../../../domain/mac.ts';
import type { Node } from '../../../domain/node.ts';
import type { BootScriptDeps } from './boot-script.ts';
import { currentAttempt, evidenceOfBoot, secondsOf } from './observation.ts';

/** Whether a MAC could be bound; else who has it. */
export type Binding = { bound: true } | { bound: false; owner: string };

/** What finding out who a machine is asks of its surroundings. */
export interface DiscoveryDeps extends Pick<BootScriptDeps, 'site' | 'bootOfNode' | 'orderOf' | 'report' | 'now' | 'log'> {
  /** Binds a MAC to a node. A person's choice in the menu (`how` = `menu`) takes it from another node. */
  bindMac(mac: Mac, nodeId: string, how: 'menu'): Promise<Binding>;
  /** A machine that fits nothing was seen; what `luna node list --unknown` shows. Must not throw. */
  sighting(mac: Mac, seen: { ip: string; where: string }): void;
}

/** The MACs in Luna 1's `hwdata` (asset tag and MACs joined by `|`), in their order, each once. */
export function macsIn(hwdata: string): Mac[] {
  return [...new Set(hwdata.split('|').filter(isMac).map(parseMac))];
}

/** The node that one of the MACs is bound to, with that MAC; null when nobody knows them (luna-1 §3.4). */
export function knownMachine(deps: Pick<DiscoveryDeps, 'site'>, macs: readonly Mac[]): { node: Node; mac: Mac } | null {
  const site = deps.site();
  for (const mac of macs) {
    const node = site.nodes.get(site.macs.get(mac) ?? '');
    if (node !== undefined) return { node, mac };
  }
  return null;
}

/** Binds a machine to the node a person chose in the menu; evidence of `discover`. Throws LunaError when it can't be. */
export async function chooseNode(deps: DiscoveryDeps, name: string, macs: readonly Mac[], ip: string): Promise<{ node: Node; mac: Mac }> {
  const node = deps.site().nodesByName.get(name);
  if (node === undefined) throw new LunaError('invalid', `there is no node '${name.slice(0, 64)}'`, 'luna node list');
  const [mac] = macs;
  if (mac === undefined) throw new LunaError('invalid', 'the machine told no MAC address');
  const binding = await deps.bindMac(mac, node._id, 'menu');
  if (!binding.bound) throw new LunaError('taken', `${mac} belongs to ${binding.owner}`, `luna node change ${name} --mac ${mac} --steal`);
  deps.log.info('discover.menu', { mac, node: name, ip });
  const boot = await deps.bootOfNode(node._id);
  if (boot !== null) {
    const at = deps.now();
    const attempt = currentAttempt(boot, await deps.orderOf(node._id));
    const message = `${mac} was chosen to be ${name} in the boot menu`;
    await deps.report(evidenceOfBoot(boot, at, { stage: 'discover', attempt, seq: secondsOf(at), status: 'ok', message, facts: { mac, ip } }));
  }
  return { node, mac };
}
