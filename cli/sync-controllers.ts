import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { LunaError } from '../domain/errors.ts';
import { treeMistake } from '../domain/tree-path.ts';
import { rsync, TREE_OPTIONS } from './rsync.ts';

/** Where packed versions lie below the data directory: by content, so nothing there is ever replaced or in the way. */
const ARTEFACTS = ['images', 'boot', 'torrents'] as const;

/** The controllers beside this one. Throws {@link LunaError} `invalid` when none of the addresses is this machine's. */
export function otherControllers(clusterIps: readonly string[], own: readonly string[] = ownAddresses()): string[] {
  if (clusterIps.length > 0 && !clusterIps.some((ip) => own.includes(ip))) {
    throw new LunaError('invalid', `this machine has none of the cluster's addresses: ${clusterIps.join(', ')}`, 'luna cluster change --cluster_ips IP,IP');
  }
  return clusterIps.filter((ip) => !own.includes(ip));
}

/** Brings packed versions and the given trees to another controller. Throws {@link LunaError} at the first that fails. */
export function syncTo(host: string, trees: readonly string[]): void {
  const data = resolve(process.env['LUNA_DATA'] || '/var/lib/luna');
  for (const folder of ARTEFACTS) {
    const path = `${join(data, folder)}/`;
    if (!existsSync(path)) continue;
    rsync(`${path} to ${host}`, [...TREE_OPTIONS, '--mkpath', '--exclude=.packing'], path, `root@${host}:${path}`);
  }
  for (const tree of trees) {
    const mistake = treeMistake(tree);
    if (mistake !== null) throw new LunaError('invalid', `the tree ${tree} is brought nowhere: ${mistake}`, 'luna osimage list');
    const path = `${tree.replace(/\/+$/, '')}/`;
    rsync(`${path} to ${host}`, [...TREE_OPTIONS, '--mkpath', '--one-file-system', '--delete'], path, `root@${host}:${path}`);
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}
