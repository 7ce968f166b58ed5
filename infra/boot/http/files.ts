import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Router, type Request, type Response } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { frontendUrl } from '../../../domain/node-network.ts';
import type { Artefact } from '../../../domain/osimage.ts';
import type { Site } from '../../../domain/site.ts';
import { ALIVE, admitted, type NonceDeps } from './admitted.ts';
import { queryOf } from './respond.ts';

/** What serving files asks of its surroundings. */
export interface FileDeps extends NonceDeps {
  site(): Site;
  /** Kernels and initramfs. */
  readonly bootDir: string;
  /** Packed trees and their .torrent files. */
  readonly torrentsDir: string;
  /** A stored .torrent with another announce and url-list, its info dictionary untouched. */
  withTracker(torrent: Uint8Array, replacement: { announce: string; urlList: readonly string[] }): Uint8Array;
}

/** Files are named by their content, so a name never means other bytes. */
const UNCHANGING = { maxAge: '1y', immutable: true, dotfiles: 'deny' } as const;

/** `/boot/*`, open, and `/torrents/*`, which needs a nonce. Ranges and HEAD work on both. */
export function fileRoutes(deps: FileDeps): Router {
  const router = Router();
  router.get('/boot/:file', (req, res) => serve(res, deps.bootDir, plainName(req.params.file)));
  router.get('/torrents/:file', async (req, res) => {
    const boot = await admitted(deps, req, ALIVE);
    const match = /^([0-9a-f]{64})\.(torrent|tar\.zst)$/.exec(plainName(req.params.file));
    const artefact = [...deps.site().artefacts.values()].find((one) => one.tree.sha256 === match?.[1]);
    if (artefact === undefined) throw new LunaError('not-found', 'there is no such packed image', 'luna osimage list');
    if (match?.[2] === 'tar.zst') await serve(res, deps.torrentsDir, artefact.tree.file);
    else await serveTorrent(deps, artefact, boot._id, req, res);
  });
  return router;
}

/** The stored .torrent with this boot's nonce in its announce; with a web seed too when `webseed=1` asks for one. */
async function serveTorrent(deps: FileDeps, artefact: Artefact, nonce: string, req: Request, res: Response): Promise<void> {
  const stored = await readFile(join(deps.torrentsDir, artefact.torrent));
  const url = frontendUrl(deps.site());
  const seed = `${url}/torrents/${artefact.tree.sha256}.tar.zst?nonce=${nonce}`;
  const urlList = queryOf(req, 'webseed') === '1' ? [seed] : [];
  const torrent = deps.withTracker(stored, { announce: `${url}/announce?nonce=${nonce}`, urlList });
  res.set({ 'Content-Type': 'application/x-bittorrent', 'Cache-Control': 'no-store' }).send(Buffer.from(torrent));
}

function serve(res: Response, root: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    res.type('application/octet-stream');
    res.sendFile(file, { root, ...UNCHANGING }, (error?: Error & { code?: string }) => {
      // A client that hangs up in the middle is its own affair.
      if (error === undefined || res.headersSent) resolve();
      else reject(error.code === 'ENOENT' ? new LunaError('not-found', `there is no file ${file}`) : error);
    });
  });
}

function plainName(file: string | string[] | undefined): string {
  if (typeof file !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(file)) throw new LunaError('not-found', 'there is no such file');
  return file;
}
