import { type BootPlan, bootPlan } from '../domain/boot-plan.ts';
import { artefactOf, installPlan } from '../domain/install-plan.ts';
import { networkSetup } from '../domain/network-setup.ts';
import { BOOTIF, frontendUrl } from '../domain/node-network.ts';
import { LunaError } from '../domain/errors.ts';
import type { Node } from '../domain/node.ts';
import type { Boot } from '../domain/provision.ts';
import type { Site } from '../domain/site.ts';
import type { ScriptKind } from '../infra/api/deps.ts';
import { nodeTemplates } from '../infra/templates/node-templates.ts';

/** Stands where a node's one-time identity would be: what people look at must not let them act as the node. */
const NO_NONCE = 'NONCE';

/**
 * The text a node would get if it asked now, for people; nothing is armed by looking. `boot`: for iPXE; `install`: the
 * installation as one script; `network`: the files of its networks, BOOTIF standing for what the node calls its card.
 */
export async function renderScript(site: Site, nodeName: string, kind: ScriptKind, bootOfNode: (nodeId: string) => Promise<Boot | null>): Promise<string> {
  const node = site.nodesByName.get(nodeName);
  if (!node) throw new LunaError('not-found', `there is no node named ${nodeName}`, 'luna node list');
  switch (kind) {
    case 'boot':
      return bootText(site, node, await bootOfNode(node._id));
    case 'install':
      return nodeTemplates.installScript(installPlan(site, node), NO_NONCE).toString();
    case 'network': {
      const plan = installPlan(site, node);
      const setup = networkSetup(plan, { device: BOOTIF, mac: site.macsOf.get(node._id)?.[0] ?? null });
      return nodeTemplates.networkScript(setup, `${plan.node} with osimage ${plan.osimage}`).toString();
    }
  }
}

function bootText(site: Site, node: Node, boot: Boot | null): string {
  const mac = site.macsOf.get(node._id)?.[0] ?? null;
  const server = frontendUrl(site);
  const shown = boot === null ? null : { ...boot, _id: NO_NONCE };
  const plan: BootPlan = bootPlan(site, node, mac, shown);
  const again = `${server}/luna?step=boot&mac=${mac ?? ''}`;
  switch (plan.at) {
    case 'localboot':
      return nodeTemplates.localboot(plan.node, plan.why).toString();
    case 'service':
      return nodeTemplates.kernel(`${plan.node} starts in service mode, disks untouched`, server, plan.kernel, again).toString();
    case 'install':
      return nodeTemplates.kernel(`${plan.node} is installed`, server, plan.kernel, again).toString();
    case 'unasked':
    case 'restarted': {
      // It would be armed by asking; this is what it would get then.
      const armed: Boot = {
        _id: NO_NONCE, bootId: '', nodeId: node._id, nodeName: node.name, runId: '', artefact: artefactOf(site, node, null)._id,
        state: 'armed', path: 0, poweredAt: null, deadline: '',
      };
      return bootText(site, node, armed);
    }
  }
}
