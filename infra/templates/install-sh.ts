import type { InstallPlan } from '../../domain/install-plan.ts';
import { AGENT_STAGES } from '../../domain/next-step.ts';
import type { LunaStage } from '../../domain/stages.ts';
import { planEnv } from './plan-env.ts';
import { type Rendered, sh, verbatim } from './render.ts';

/** What a stage without a text of the site's own does on the node, for the reader. */
const BUILT_IN: Partial<Record<LunaStage, string>> = {
  setupbmc: 'in-band: address, user and password of the BMC (the password is fetched apart, by the armed agent alone)',
  download: 'the image by BitTorrent, by HTTP when that fails; checked against LUNA_TREE_SHA256',
  unpack: 'tar with owners, ACLs, extended attributes and capabilities into /sysroot',
  network: 'host name, ssh host keys, and the files that luna node show NODE --script network shows',
  bootloader: 'a boot loader on the disk that holds /sysroot, unless LUNA_BOOTLOADER is none or the postscript left one',
  localboot: 'hand over: switch_root into /sysroot',
};

/** The installation as one readable script (luna-1 §3.8), for people: the agent runs the same stages one by one, as it is told. */
export function installScript(plan: InstallPlan, nonce: string): Rendered {
  return sh`#!/bin/sh
# How luna installs ${verbatim(plan.node)} with osimage ${verbatim(plan.osimage)}, in this order.
set -eu
${planEnv(plan, nonce)}
${AGENT_STAGES.map((stage) => stageFunction(stage, ownScript(plan, stage)))}
${AGENT_STAGES.map((stage) => verbatim(stage))}
`;
}

function stageFunction(stage: LunaStage, own: string | undefined): Rendered {
  const body = own ?? `# ${BUILT_IN[stage] ?? ''}`;
  return sh`${verbatim(stage)}() {
${verbatim(body.trimEnd())}
:
}
`;
}

function ownScript(plan: InstallPlan, stage: LunaStage): string | undefined {
  switch (stage) {
    case 'prescript': return plan.scripts.prescript;
    case 'partition': return plan.scripts.partscript;
    case 'postscript': return plan.scripts.postscript;
    default: return undefined;
  }
}
