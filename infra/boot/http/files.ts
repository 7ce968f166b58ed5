import { type FileHandle, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Router, type Request, type Response } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { frontendUrl } from '../../../domain/node-network.ts';
import type { Site } from '../../../domain/site.ts';
import type { FileMap } from '../tftp/files.ts';
import { ALIVE, admittedFrom, type NonceDeps } from './admitted.ts';
import { bootFileNamed, manifestFile, type PackedFile, type PackedTorrent, refuseAltered, refuseAlteredTorrent } from './as-packed.ts';
import type { FileSums } from './file-sums.ts';
import { sendFile } from './file.ts';
import { queryOf } from './respond.ts';
import type { Transfers } from './transfers.ts';

const BYTES = 'application/octet-stream';
/** UEFI goes by this type where a name says nothing (UEFI 2.10 §24.7.3.1). */
const EFI = 'application/efi';

/** What serving files asks of its surroundings. */
export interface FileDeps extends NonceDeps {
  site(): Site;
  /** Kernels and initramfs. */
  readonly bootDir: string;
  /** Packed trees, their .torrent files and manifests. */
  readonly torrentsDir: string;
  /** iPXE, for firmware that boots by HTTP and for scripts that change over to another build: the same map as TFTP's. */
  readonly netboot: FileMap;
  readonly transfers: Transfers;
  /** What the served files' bytes are: nothing is sent that is not what was signed. */
  readonly sums: FileSums;
  /** A stored .torrent with another announce and url-list, its info dictionary untouched. */
  withTracker(torrent: Uint8Array, replacement: { announce: string; urlList: readonly string[] }): Uint8Array;
}

/**
 * `/boot/*`, open, and `/torrents/*` and `/manifest/*`, which need a nonce. Ranges and HEAD work on both. What is packed is named by its
 * content, so a name never means other bytes; iPXE's files keep their names when Debian brings new ones.
 */
export function fileRoutes(deps: FileDeps): Router {
  const router = Router();
  router.get('/boot/:file', (req, res) => {
    const name = plainName(req.params.file);
    return sendPacked(deps, req, res, join(deps.bootDir, name), name, bootFileNamed(deps.site(), name));
  });
  router.get('/boot/ipxe/:file', async (req, res) => {
    const file = plainName(req.params.file);
    const path = await pathOf(deps.netboot, file);
    if (path === null) throw new LunaError('not-found', `there is no boot program ${file}`, 'apt-get install ipxe');
    await sendFile(req, res, { path, name: file, type: file.endsWith('.efi') ? EFI : BYTES, sha256: null, unchanging: false }, deps.transfers);
  });
  router.get('/torrents/:file', async (req, res) => {
    const boot = await admittedFrom(deps, req, ALIVE);
    const rest = [...deps.site().artefacts.values()].find((one) => one.rest?.torrent === req.params.file);
    if (rest?.rest) return serveTorrent(deps, { ...rest.rest, osimageName: rest.osimageName }, `boot/${rest.rest.file}`, boot._id, req, res);
    const match = /^([0-9a-f]{64})\.(torrent|tar\.zst)$/.exec(plainName(req.params.file));
    const artefact = [...deps.site().artefacts.values()].find((one) => one.tree.sha256 === match?.[1]);
    if (artefact === undefined) throw new LunaError('not-found', 'there is no such packed image', 'luna osimage list');
    if (match?.[2] === 'tar.zst') {
      const { file, sha256 } = artefact.tree;
      await sendFile(req, res, { path: join(deps.torrentsDir, file), name: file, type: BYTES, sha256, unchanging: true }, deps.transfers);
    } else await serveTorrent(deps, { osimageName: artefact.osimageName, infoHash: artefact.tree.infoHash, torrent: artefact.torrent }, `torrents/${artefact.tree.sha256}.tar.zst`, boot._id, req, res);
  });
  router.get('/manifest/:file', async (req, res) => {
    await admittedFrom(deps, req, ALIVE);
    const [, id = '', signature = ''] = /^([^.]+)(\.sig)?$/.exec(plainName(req.params.file)) ?? [];
    const artefact = deps.site().artefacts.get(id);
    if (artefact === undefined) throw new LunaError('not-found', 'there is no such packed image', 'luna osimage list');
    const { manifest, osimageName } = artefact;
    if (manifest === undefined) throw new LunaError('not-found', `osimage ${osimageName} was packed before images were signed`, `luna osimage pack ${osimageName}`);
    const packed = manifestFile(artefact, manifest, signature === '' ? 'manifest' : 'signature');
    await sendPacked(deps, req, res, join(deps.torrentsDir, packed.name), packed.name, packed);
  });
  return router;
}

/** The stored .torrent with this boot's nonce in its announce; with a web seed too when `webseed=1` asks for one. */
async function serveTorrent(deps: FileDeps, packed: PackedTorrent, path: string, nonce: string, req: Request, res: Response): Promise<void> {
  const stored = await readFile(join(deps.torrentsDir, packed.torrent));
  refuseAlteredTorrent(stored, packed);
  const url = frontendUrl(deps.site());
  const seed = `${url}/${path}?nonce=${nonce}`;
  const urlList = queryOf(req, 'webseed') === '1' ? [seed] : [];
  const torrent = deps.withTracker(stored, { announce: `${url}/announce?nonce=${nonce}`, urlList });
  res.set({ 'Content-Type': 'application/x-bittorrent', 'Cache-Control': 'no-store' }).send(Buffer.from(torrent));
}

/** A small packed file, checked before its first byte is sent; `packed` is null for one that no image names any more. */
async function sendPacked(deps: FileDeps, req: Request, res: Response, path: string, name: string, packed: PackedFile | null): Promise<void> {
  const check = packed === null ? {} : { check: (file: FileHandle) => refuseAltered(deps.sums, path, file, packed) };
  await sendFile(req, res, { path, name, type: BYTES, sha256: packed?.sha256 ?? null, unchanging: true, ...check }, deps.transfers);
}

async function pathOf({ directories, names }: FileMap, name: string): Promise<string | null> {
  const file = Object.hasOwn(names, name) ? names[name] : undefined;
  if (file === undefined) return null;
  for (const directory of directories) {
    const path = join(directory, file);
    if ((await stat(path).catch(() => null))?.isFile()) return path;
  }
  return null;
}

function plainName(file: string | string[] | undefined): string {
  if (typeof file !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(file)) throw new LunaError('not-found', 'there is no such file');
  return file;
}
