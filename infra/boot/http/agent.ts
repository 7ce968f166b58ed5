import { Router, urlencoded, type Request, type Response } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { installPlan, type InstallPlan } from '../../../domain/install-plan.ts';
import { parseMac } from '../../../domain/mac.ts';
import type { BootNic } from '../../../domain/network-files/links.ts';
import { type NetworkSetup, networkSetup } from '../../../domain/network-setup.ts';
import { nextStep, type NextStep } from '../../../domain/next-step.ts';
import type { Boot } from '../../../domain/provision.ts';
import type { Site } from '../../../domain/site.ts';
import { ALIVE, TOLD, admitted, admittedFrom, nodeOf } from './admitted.ts';
import { addressOf } from './connections.ts';
import { fieldOf, numberOf, queryOf, sendText, sendValues } from './respond.ts';
import type { Script } from './boot-script.ts';
import { currentAttempt, evidenceOfBoot, secondsOf } from './observation.ts';
import { progress, ready, report, type ReportDeps } from './reports.ts';

/** What the agent's calls ask of their surroundings. */
export interface AgentDeps extends ReportDeps {
  site(): Site;
  /** The agent of a boot said hello, from this address, over a link of so many Mbit/s: armed → live; any other state stays. */
  live(boot: Boot, from: { ip: string; link?: number }): Promise<void>;
  /** The BMC password of the node's group; null when it has none. */
  bmcPassword(nodeId: string): Promise<string | null>;
  /** Resolves when there may be new work for the node, or after `ms`. */
  waitForWork(nodeId: string, ms: number): Promise<void>;
  readonly templates: {
    planEnv(plan: InstallPlan, nonce: string): Script;
    networkScript(setup: NetworkSetup, whose: string): Script;
    assignments(variables: Readonly<Record<string, string>>): Script;
  };
  /** Longest wait of one `next`, milliseconds; 25 s unless told. */
  readonly pollMs?: number;
}

/** `/node/*`: what the agent in the initramfs and the installed system's unit call. Every call needs the boot's nonce. */
export function agentRoutes(deps: AgentDeps): Router {
  const router = Router();
  router.use(urlencoded({ extended: false, limit: '256kb', parameterLimit: 50 }));
  router.post('/hello', (req, res) => hello(deps, req, res));
  router.get('/next', (req, res) => next(deps, req, res));
  router.get('/plan', async (req, res) => {
    const boot = await admitted(deps, req, ALIVE);
    sendText(res, deps.templates.planEnv(planOf(deps, boot), boot._id));
  });
  router.get('/network', async (req, res) => {
    const boot = await admitted(deps, req, ALIVE);
    const plan = planOf(deps, boot);
    sendText(res, deps.templates.networkScript(networkSetup(plan, bootNicOf(req)), `${plan.node} with osimage ${plan.osimage}`));
  });
  router.get('/script/:name', async (req, res) => {
    const boot = await admitted(deps, req, ALIVE);
    const script = Object.entries(planOf(deps, boot).scripts).find(([name]) => name === req.params.name);
    if (script === undefined) throw new LunaError('not-found', 'the scripts are prescript, partscript and postscript');
    sendText(res, script[1]);
  });
  router.get('/bmc', async (req, res) => {
    // Anybody may ask for a boot script, and with it for the nonce of an armed boot.
    const boot = await admittedFrom(deps, req, ['live']);
    const password = await deps.bmcPassword(boot.nodeId);
    if (password === null) throw new LunaError('not-found', `node ${boot.nodeName} has no BMC setup`, 'luna bmcsetup list');
    sendText(res, deps.templates.assignments({ LUNA_BMC_PASSWORD: password }));
  });
  router.post('/report', (req, res) => report(deps, req, res));
  router.post('/progress', (req, res) => progress(deps, req, res));
  router.post('/ready', (req, res) => ready(deps, req, res));
  return router;
}

async function hello(deps: AgentDeps, req: Request, res: Response): Promise<void> {
  const boot = await admitted(deps, req, ALIVE);
  const at = deps.now();
  const bootedAt = new Date(at.getTime() - numberOf(req, 'uptime') * 1000);
  const attempt = currentAttempt(boot, await deps.orderOf(boot.nodeId));
  const told = Object.fromEntries(['mac', 'firmware', 'kernel', 'inventory'].map((name) => [name, fieldOf(req, name).slice(0, 65_536)]));
  const ip = addressOf(req.socket.remoteAddress);
  const link = numberOf(req, 'link');
  const facts = { ...told, ip, bootedAt: bootedAt.toISOString(), ...(link > 0 ? { link } : {}) };
  const message = `${told['firmware'] ?? ''} ${told['kernel'] ?? ''}`.trim();
  await deps.report(evidenceOfBoot(boot, at, { stage: 'pxe.kernel', attempt, seq: secondsOf(bootedAt), status: 'ok', message, facts }));
  await deps.live(boot, { ip, ...(link > 0 ? { link } : {}) });
  sendValues(res, { time: secondsOf(deps.now()) });
}

/** Holds the call until there is something to do, at most `pollMs`; stops looking when the agent has gone. */
async function next(deps: AgentDeps, req: Request, res: Response): Promise<void> {
  const until = Date.now() + (deps.pollMs ?? 25_000);
  for (;;) {
    const boot = await admitted(deps, req, TOLD);
    const step = await stepFor(deps, boot);
    const left = until - Date.now();
    if (step.action !== 'wait' || left <= 0 || req.socket.destroyed) {
      sendValues(res, { ...step });
      return;
    }
    await deps.waitForWork(boot.nodeId, left);
  }
}

async function stepFor(deps: AgentDeps, boot: Boot): Promise<NextStep> {
  const [order, evidence] = await Promise.all([deps.orderOf(boot.nodeId), deps.evidenceOf(boot.bootId)]);
  return nextStep(order, boot, evidence);
}

function planOf(deps: AgentDeps, boot: Boot): InstallPlan {
  return installPlan(deps.site(), nodeOf(deps.site(), boot), boot.artefact);
}

/** What the agent calls the card it booted from; it may have no Ethernet address (InfiniBand). */
function bootNicOf(req: Request): BootNic {
  const [device, mac] = [queryOf(req, 'bootif') ?? '', queryOf(req, 'mac') ?? ''];
  if (!/^[^\s/:'"]{1,15}$/.test(device)) throw new LunaError('invalid', `'${device}' is no name of a network card (expected ?bootif=NAME&mac=MAC)`);
  return { device, mac: mac === '' ? null : parseMac(mac) };
}
