import { networkScript } from '../../infra/templates/network-sh.ts';
import { startAgentServer, type AgentServer, type ServedTree } from './agent-server.ts';
import { sandboxMachine, type SandboxMachine, type UnpackedInitramfs } from './agent-sandbox.ts';
import { bootif, setupOf } from './network-plan.ts';

/** A machine that is none, and the stand-in for the controller that tells it what to do. */
export interface ToldMachine { machine: SandboxMachine; server: AgentServer; url: string; ended: Promise<number | null> }

const NONCE = '0123456789abcdef0123456789abcdef';

/** Starts a machine that is to do these stages; it ends with the test. */
export async function toldMachine(
  t: { after(fn: () => Promise<void>): void }, initramfs: UnpackedInitramfs,
  told: { stages: string[]; tree: ServedTree; partscript: string; peers?: string[]; prescript?: string },
): Promise<ToldMachine> {
  const machine = await sandboxMachine(initramfs);
  const { controller } = machine;
  const server = await startAgentServer({
    nonce: NONCE, stages: told.stages, host: '0.0.0.0', urlFor: (port) => `http://${controller}:${port}`, tree: told.tree,
    peers: (told.peers ?? []).map((port) => `${controller}:${port}`),
    plan: { LUNA_NODE: 'node001', LUNA_HOSTNAME: 'node001.cluster', LUNA_DOMAIN: 'cluster', LUNA_OSIMAGE: 'compute', LUNA_BMC: '0', LUNA_IF_COUNT: '0' },
    networks: networkScript(setupOf('networkd', [bootif]), 'node001').text,
    scripts: { prescript: told.prescript ?? '', partscript: told.partscript, postscript: ':' },
  });
  t.after(async () => {
    await machine.stop();
    await server.close();
  });
  const url = `http://${controller}:${server.port}`;
  return { machine, server, url, ended: machine.run({ 'luna.node': 'node001', 'luna.hostname': 'node001.cluster', 'luna.url': url, 'luna.nonce': NONCE }) };
}
