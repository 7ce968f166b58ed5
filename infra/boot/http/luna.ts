import { Router, type Request, type Response } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { installPlan, type InstallPlan } from '../../../domain/install-plan.ts';
import { isMac, parseMac } from '../../../domain/mac.ts';
import { frontendUrl } from '../../../domain/node-network.ts';
import { admitted, nodeOf, type NonceDeps } from './admitted.ts';
import { queryOf, sendText } from './respond.ts';
import { bootScript, type Asker, type BootScriptDeps, type BootTemplates, type Script } from './boot-script.ts';
import { chooseNode, knownMachine, macsIn, type DiscoveryDeps } from './discovery.ts';

/** What Luna 1's URL asks of its surroundings. */
export type LunaDeps = BootScriptDeps & DiscoveryDeps & NonceDeps & { readonly templates: BootTemplates & { installScript(plan: InstallPlan, nonce: string): Script } };

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
  try {
    const known = asker.mac === null ? null : knownMachine(deps, [asker.mac]);
    if (known === null && asker.mac !== null) deps.sighting(asker.mac, { ip: asker.ip, where: 'menu' });
    sendText(res, known === null ? menu(deps) : await bootScript(deps, known.node, asker));
  } catch (error) {
    sendText(res, apology(deps, error, asker));
  }
}

function menu(deps: LunaDeps): Script {
  const site = deps.site();
  return deps.templates.menu(frontendUrl(site), [...site.nodesByName.keys()].sort());
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
    sendText(res, apology(deps, error, askerOf(req, found.mac)));
  }
}

async function stepInstall(deps: LunaDeps, req: Request, res: Response): Promise<void> {
  const boot = await admitted(deps, req, ['armed', 'live', 'held']);
  if (queryOf(req, 'node') !== boot.nodeName) throw new LunaError('invalid', 'node is not the one this nonce was made for');
  sendText(res, deps.templates.installScript(installPlan(deps.site(), nodeOf(deps.site(), boot), boot.artefact), boot._id));
}

function askerOf(req: Request, told: string | undefined): Asker {
  const mac = told !== undefined && isMac(told) ? parseMac(told) : null;
  const { localAddress = '', localPort = 0, remoteAddress = '' } = req.socket;
  const again = `http://${localAddress}:${localPort}/luna?step=boot${mac === null ? '' : `&mac=${mac}`}`;
  return { mac, ip: remoteAddress, again };
}

function apology(deps: LunaDeps, error: unknown, asker: Asker): Script {
  const message = error instanceof Error ? error.message : String(error);
  const next = error instanceof LunaError && error.next !== undefined ? ` (${error.next})` : '';
  deps.log.error('boot.script_failed', { mac: asker.mac, ip: asker.ip, error: error instanceof LunaError ? `${message}${next}` : error });
  return deps.templates.again(`${message}${next}`, 10, asker.again);
}
