import { bootPlan, type BootPlan, type KernelBoot } from '../../../domain/boot-plan.ts';
import type { LunaError } from '../../../domain/errors.ts';
import type { Evidence } from '../../../domain/evidence.ts';
import type { Mac } from '../../../domain/mac.ts';
import { frontendUrl, interfaceOf, BOOTIF } from '../../../domain/node-network.ts';
import type { Node } from '../../../domain/node.ts';
import type { Boot, Order } from '../../../domain/provision.ts';
import type { Site } from '../../../domain/site.ts';
import type { Log } from '../../log.ts';
import { currentAttempt, evidenceOfBoot, secondsOf } from './observation.ts';

/** Text that knows its own language's escaping. */
export interface Script { toString(): string }

/** Renders iPXE scripts. `server` and `again` are URLs. */
export interface BootTemplates {
  kernel(title: string, server: string, boot: KernelBoot, again: string): Script;
  localboot(node: string, why: string): Script;
  again(message: string, seconds: number, again: string): Script;
  menu(server: string, nodes: readonly string[]): Script;
}

/** What answering a network boot asks of its surroundings. */
export interface BootScriptDeps {
  site(): Site;
  /** The newest boot identity of a node that is not dead. */
  bootOfNode(nodeId: string): Promise<Boot | null>;
  /** Replaces the nonce of a machine that restarted; the result is armed again, its bootId the same. */
  rotateNonce(boot: Boot): Promise<Boot>;
  orderOf(nodeId: string): Promise<Order | null>;
  /** Resolves when the evidence is journalled. */
  report(evidence: Evidence): Promise<void>;
  /** Starts the workflow of a node that boots unasked; returns when it is armed, or after a deadline of its own. */
  startUnasked(nodeId: string): Promise<void>;
  now(): Date;
  /** Why kernel and initramfs of these names may not be booted; null: they are what was signed. */
  whyNotBootable(names: readonly string[]): Promise<LunaError | null>;
  readonly templates: BootTemplates;
  readonly log: Log;
}

/** Who asks: the NIC it told, its address, and the URL to ask again. */
export interface Asker {
  mac: Mac | null;
  ip: string;
  again: string;
  /** Where it must fetch from when the frontend's usual URL won't do: by IPv6, by HTTPS. */
  server: string | null;
  /** Takes note of what it is answered, and why. */
  told(nodeId: string, answered: string, why?: string): void;
}

/** Seconds until a machine that can't be served yet asks again. */
const AGAIN_S = 3;

/** The script of a known node. Journals `pxe.ipxe` before an armed machine gets its kernel. */
export async function bootScript(deps: BootScriptDeps, node: Node, asker: Asker): Promise<Script> {
  const plan = await settledPlan(deps, node, asker);
  deps.log.info('boot.script', { node: node.name, mac: asker.mac, ip: asker.ip, plan: plan.at });
  asker.told(node._id, `${plan.at} script`, plan.at === 'localboot' ? plan.why : '');
  const server = () => asker.server ?? frontendUrl(deps.site());
  switch (plan.at) {
    case 'localboot': return deps.templates.localboot(plan.node, plan.why);
    case 'service':
      await refuseUnbootable(deps, plan.kernel, null);
      return deps.templates.kernel(`${plan.node} starts in service mode, disks untouched`, server(), plan.kernel, asker.again);
    case 'install':
      await refuseUnbootable(deps, plan.kernel, plan.boot);
      await reportScript(deps, plan.boot, asker);
      return deps.templates.kernel(`${plan.node} is installed`, server(), plan.kernel, asker.again);
    case 'unasked': return deps.templates.again(`${plan.node} is being prepared for its installation`, AGAIN_S, asker.again);
    case 'restarted': return deps.templates.again(`${plan.node} is being installed from another address`, AGAIN_S, asker.again);
  }
}

/** The plan after what it asks for first: a run of its own for a node that boots unasked, a fresh nonce for one that restarted. */
async function settledPlan(deps: BootScriptDeps, node: Node, asker: Asker): Promise<BootPlan> {
  const boot = await deps.bootOfNode(node._id);
  const plan = bootPlan(deps.site(), node, asker.mac, boot);
  if (plan.at === 'unasked') {
    await deps.startUnasked(node._id);
    return bootPlan(deps.site(), node, asker.mac, await deps.bootOfNode(node._id));
  }
  // Anybody may ask for a script; only the machine itself, which keeps its reserved address, may end the agent's nonce.
  if (plan.at === 'restarted' && isOwnAddress(deps, node, asker.ip)) {
    return bootPlan(deps.site(), node, asker.mac, await deps.rotateNonce(plan.boot));
  }
  return plan;
}

function isOwnAddress(deps: BootScriptDeps, node: Node, ip: string): boolean {
  const own = interfaceOf(deps.site(), node, BOOTIF);
  return ip === own?.ip || ip === own?.ip6;
}

/** A machine that is to be installed fails by the reason, at once: it would ask for ever. */
async function refuseUnbootable(deps: BootScriptDeps, { kernel, initramfs }: KernelBoot, boot: Boot | null): Promise<void> {
  const why = await deps.whyNotBootable([kernel, ...initramfs]);
  if (why === null) return;
  if (boot !== null) {
    const at = deps.now();
    const attempt = currentAttempt(boot, await deps.orderOf(boot.nodeId));
    const message = `${why.message}; next: ${why.next ?? ''}`;
    await deps.report(evidenceOfBoot(boot, at, { stage: 'pxe.kernel', attempt, seq: secondsOf(at), status: 'failed', message }));
  }
  throw why;
}

async function reportScript(deps: BootScriptDeps, boot: Boot, asker: Asker): Promise<void> {
  const at = deps.now();
  const attempt = currentAttempt(boot, await deps.orderOf(boot.nodeId));
  const facts = { mac: asker.mac, ip: asker.ip };
  await deps.report(evidenceOfBoot(boot, at, { stage: 'pxe.ipxe', attempt, seq: secondsOf(at), status: 'ok', facts }));
}
