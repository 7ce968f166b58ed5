import type { Request } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { nodeWithAddress } from '../../../domain/machine-names.ts';
import type { Node } from '../../../domain/node.ts';
import type { Boot } from '../../../domain/provision.ts';
import type { Site } from '../../../domain/site.ts';
import { addressOf } from './connections.ts';
import { aboutMachine } from './requests.ts';
import { queryOf } from './respond.ts';

/** Looks boot identities up. */
export interface NonceDeps {
  bootByNonce(nonce: string): Promise<Boot | null>;
}

/** States in which an agent may run. */
export const ALIVE: readonly Boot['state'][] = ['armed', 'live', 'held'];
/** States of which the caller is told what became of its boot instead of a refusal. */
export const TOLD: readonly Boot['state'][] = [...ALIVE, 'handedOver', 'dead'];

/**
 * The boot behind a request's nonce (header `X-Luna-Nonce`, or `?nonce=` from clients that can't send headers), when it is
 * in one of these states. Throws LunaError `forbidden` with the reason else.
 */
export async function admitted(deps: NonceDeps, req: Request, states: readonly Boot['state'][]): Promise<Boot> {
  const nonce = req.get('X-Luna-Nonce') ?? queryOf(req, 'nonce') ?? '';
  if (nonce === '') throw new LunaError('forbidden', 'this call needs the nonce of an armed boot');
  const boot = /^[0-9a-f]{32}$/.test(nonce) ? await deps.bootByNonce(nonce) : null;
  if (boot === null) throw new LunaError('forbidden', 'no boot has this nonce: the machine was restarted or its run has ended', 'luna provision NODE');
  aboutMachine(req, { nodeId: boot.nodeId });
  if (!states.includes(boot.state)) throw new LunaError('forbidden', `the boot of ${boot.nodeName} is ${boot.state}, which does not allow this call`, `luna provision ${boot.nodeName}`);
  return boot;
}

/**
 * The same for what a nonce alone must not open: the image's bytes and its swarm, and the BMC's password. The nonce stands in the .torrent that a
 * machine is served, so whoever copies that file has it; but only the machine has the machine's address: one of those
 * declared for it, or that from which its agent said hello. This controller may ask for itself.
 */
export async function admittedFrom(deps: NonceDeps & { site(): Site }, req: Request, states: readonly Boot['state'][]): Promise<Boot> {
  const boot = await admitted(deps, req, states);
  const { remoteAddress, localAddress } = req.socket;
  const ip = addressOf(remoteAddress);
  if (remoteAddress === localAddress || boot.ip === ip || nodeWithAddress(deps.site(), ip) === boot.nodeId) return boot;
  throw new LunaError('forbidden', `the boot of ${boot.nodeName} does not come from ${ip}: only its own machine may ask for this`, `luna boot trace ${ip}`);
}

/** The node that boots. Throws LunaError `not-found` when it was deleted meanwhile. */
export function nodeOf(site: Site, boot: Boot): Node {
  const node = site.nodes.get(boot.nodeId);
  if (node === undefined) throw new LunaError('not-found', `node ${boot.nodeName} no longer exists`, `luna node add ${boot.nodeName}`);
  return node;
}
