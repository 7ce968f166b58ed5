import { Router, type Request, type Response } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { installPlan, type InstallPlan } from '../../../domain/install-plan.ts';
import { isMac, type Mac, parseMac } from '../../../domain/mac.ts';
import { frontendUrl } from '../../../domain/node-network.ts';
import type { Boot } from '../../../domain/provision.ts';
import { admitted, nodeOf, type NonceDeps } from './admitted.ts';
import { apology } from './apology.ts';
import { askedAt } from './asked-at.ts';
import { addressOf } from './connections.ts';
import { noteOf } from './notes.ts';
import { aboutMachine } from './requests.ts';
import { queryOf, sendText } from './respond.ts';
import { bootScript, type Asker, type BootScriptDeps, type BootTemplates, type Script } from './boot-script.ts';
import { chooseNode, knownMachine, macsIn, type DiscoveryDeps } from './discovery.ts';

/** What Luna 1's URL asks of its surroundings. */
export type LunaDeps = BootScriptDeps & DiscoveryDeps & NonceDeps & { readonly templates: BootTemplates & { installScript(plan: InstallPlan, nonce: string): Script };
  /** Told that a machine came as far as its boot script. */
  scriptAsked?(mac: Mac): void };

/** `/luna?step=boot|discovery|install`, with Luna 1's answers (luna-1 §3.2). An unknown step is refused at once. */
export function lunaRoutes(deps: LunaDeps): Router {
  const router = Router();
  router.get('/luna', async (req, res) => {
    switch (queryOf(req, 'step')) {
      case 'boot': return stepBoot(deps, req, res);
      case 'discovery': return stepDiscovery(deps, req, res);
      case 'install': return stepInstall(deps, req, res);
      default: throw new LunaError('invalid', 'step must be boot, discovery or install');
    }
  });
  return router;
}

/**
 * Whatever goes wrong here is answered by a script that asks again: iPXE would treat a refused first script as a failed
 * network boot, and the machine would be lost until somebody switches it off and on.
 */
async function stepBoot(deps: LunaDeps, req: Request, res: Response): Promise<void> {
  const asker = askerOf(req, queryOf(req, 'mac'));
  if (asker.mac !== null) deps.scriptAsked?.(asker.mac);
  try {
    const known = asker.mac === null ? null : knownMachine(deps, [asker.mac]);
    if (known === null && asker.mac !== null) deps.sighting(asker.mac, { ip: asker.ip, where: 'menu' });
    if (known === null) noteOf(res).answered = 'menu';
    sendText(res, known === null ? menu(deps, asker) : await bootScript(deps, known.node, asker));
  } catch (error) {
    sendText(res, askAgain(deps, error, asker, res));
  }
}

function menu(deps: LunaDeps, { server }: Asker): Script {
  const site = deps.site();
  return deps.templates.menu(server ?? frontendUrl(site), [...site.nodesByName.keys()].sort());
}

async function stepDiscovery(deps: LunaDeps, req: Request, res: Response): Promise<void> {
  const hwdata = queryOf(req, 'hwdata');
  if (hwdata === undefined || hwdata === '') throw new LunaError('invalid', 'hwdata is missing');
  const type = queryOf(req, 'type') ?? 'ipxe';
  if (type !== 'ipxe') throw new LunaError('not-found', 'only type=ipxe is served');
  const macs = macsIn(hwdata);
  const name = queryOf(req, 'node');
  const asker = askerOf(req, macs[0]);
  const found = name === undefined || name === '' ? knownMachine(deps, macs) : await chooseNode(deps, name, macs, asker.ip);
  if (found === null) {
    if (asker.mac !== null) deps.sighting(asker.mac, { ip: asker.ip, where: 'menu' });
    throw new LunaError('not-found', 'no node has one of these MAC addresses', 'luna node list --unknown');
  }
  try {
    sendText(res, await bootScript(deps, found.node, askerOf(req, found.mac)));
  } catch (error) {
    sendText(res, askAgain(deps, error, askerOf(req, found.mac), res));
  }
}

async function stepInstall(deps: LunaDeps, req: Request, res: Response): Promise<void> {
  const boot = await admitted(deps, req, ['armed', 'live', 'held']);
  if (queryOf(req, 'node') !== boot.nodeName) throw new LunaError('invalid', 'node is not the one this nonce was made for');
  const status = queryOf(req, 'status');
  if (status !== undefined) {
    takeStatus(deps, boot, status, res);
    return;
  }
  sendText(res, deps.templates.installScript(installPlan(deps.site(), nodeOf(deps.site(), boot), boot.artefact), boot._id));
}

/** What scripts written for Luna 1 report of themselves (luna-1 §3.9): noted, as a stage's end is told by the agent alone. */
function takeStatus(deps: LunaDeps, boot: Boot, status: string, res: Response): void {
  if (!/^[\w .-]{1,100}$/.test(status)) throw new LunaError('invalid', 'status must be letters, digits, blanks, dots, dashes and underscores');
  deps.log.info('boot.status', { node: boot.nodeName, status });
  Object.assign(noteOf(res), { answered: 'noted', why: status });
  sendText(res, '');
}

function askerOf(req: Request, told: string | undefined): Asker {
  const mac = told !== undefined && isMac(told) ? parseMac(told) : null;
  aboutMachine(req, { mac });
  const { origin, usual } = askedAt(req);
  const again = `${origin}/luna?step=boot${mac === null ? '' : `&mac=${mac}`}`;
  return {
    mac, ip: addressOf(req.socket.remoteAddress), again, server: usual ? null : origin,
    told: (nodeId, answered, why = '') => {
      aboutMachine(req, { nodeId });
      if (req.res) Object.assign(noteOf(req.res), { answered, why });
    },
  };
}

function askAgain(deps: LunaDeps, error: unknown, asker: Asker, res: Response): Script {
  const { message, shown } = apology(deps.log, error, asker);
  Object.assign(noteOf(res), { answered: 'script that asks again', why: message });
  return deps.templates.again(shown, 10, asker.again);
}
