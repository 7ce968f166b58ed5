import { existsSync } from 'node:fs';
import type { ClusterView } from '../domain/views.ts';
import { textOf } from './replace-files.ts';

/** Where BIND's files are. `mainFiles`: those that may include luna's. */
export interface NamedPlaces { includeFile: string; zoneDir: string; mainFiles: string[] }

/** What Luna 1 takes for granted: RedHat's places. */
const LUNA_1 = { includeFile: '/etc/named.luna.zones', zoneDir: '/var/named' };

/**
 * Where the files go: as asked, else as the cluster says, else where this machine's BIND looks for them. A cluster that
 * says what Luna 1 said by default says nothing about a Debian machine.
 */
export function namedPlaces(asked: Partial<Record<'includeFile' | 'zoneDir', string | undefined>>, cluster: Pick<ClusterView, 'named_include_file' | 'named_zone_dir'>): NamedPlaces {
  const local = existsSync('/etc/bind') && !existsSync('/etc/named.conf') ? { includeFile: '/etc/bind/luna.zones', zoneDir: '/var/cache/bind' } : LUNA_1;
  const said = (value: string, usual: string): string | undefined => (value === usual ? undefined : value);
  return {
    includeFile: asked.includeFile ?? said(cluster.named_include_file, LUNA_1.includeFile) ?? local.includeFile,
    zoneDir: asked.zoneDir ?? said(cluster.named_zone_dir, LUNA_1.zoneDir) ?? local.zoneDir,
    mainFiles: ['/etc/named.conf', '/etc/bind/named.conf', '/etc/bind/named.conf.local', '/etc/bind/named.conf.options'],
  };
}

/** Whether one of BIND's own files names luna's; true also where none of them can be read. */
export function isIncluded({ includeFile, mainFiles }: NamedPlaces): boolean {
  const texts = mainFiles.map(textOf).filter((text) => text !== null);
  return texts.length === 0 || texts.some((text) => text.includes(`"${includeFile}"`));
}
