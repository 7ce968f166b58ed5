import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BIND_MARK, namedInclude, serialIn, zoneFile, zoneFileName, ZONE_FILE_ENDING } from '../domain/bind.ts';
import { LunaError } from '../domain/errors.ts';
import type { Zone, ZonesView } from '../domain/zone.ts';
import { risingSerial } from '../domain/zone-serial.ts';
import { programPath, runProgram } from './programs.ts';
import { replaceFiles, type StagedFile, textOf, type WantedFile } from './replace-files.ts';
import { wouldReplace } from './tried.ts';

/** Where zones go, and who may fetch them. */
export interface ZonePlaces { includeFile: string; zoneDir: string; transferTo: readonly string[] }

/** What was done: names of zone files put in place and taken away. */
export interface ZonesWritten { changed: string[]; removed: string[]; includeChanged: boolean }

/**
 * Brings the zone files and the file that lists them up to date: a zone that is as before keeps its serial, another gets
 * a higher one. Checked with BIND's own programs where they are installed. Throws LunaError `invalid` with what those say;
 * then every file is as before. Throws what would be done in a dry run.
 */
export async function writeZones(site: ZonesView, places: ZonePlaces, isDry = false): Promise<ZonesWritten> {
  const files = site.zones.map((zone) => ({ path: join(places.zoneDir, zoneFileName(zone)), text: '', zone }));
  for (const file of files) file.text = upToDate(file.zone, textOf(file.path), new Date(site.changedAt));
  const include: WantedFile = { path: places.includeFile, text: namedInclude(site.zones, places) };
  const byPath = new Map(files.map(({ path, zone }) => [path, zone]));
  const removed = orphans(places.zoneDir, new Set(files.map(({ path }) => path)));
  const replaced = await replaceFiles([...files, include], async (staged) => {
    for (const file of staged) await check(file, byPath.get(file.path));
    if (isDry) throw wouldReplace(staged.map(({ path }) => path), removed);
  });
  for (const path of removed) rmSync(path);
  return { changed: replaced.filter((path) => byPath.has(path)), removed, includeChanged: replaced.includes(places.includeFile) };
}

/** The text of a zone; that of the file when only the serial would differ. */
function upToDate(zone: Zone, before: string | null, changedAt: Date): string {
  const serial = before === null ? null : serialIn(before);
  if (serial !== null && zoneFile(zone, serial) === before) return before;
  return zoneFile(zone, risingSerial(changedAt, serial));
}

/** Names of servers elsewhere are not looked up: a zone is right or wrong by itself. */
async function check(file: StagedFile, zone: Zone | undefined): Promise<void> {
  const program = programPath(zone === undefined ? 'named-checkconf' : 'named-checkzone');
  if (program === null) return;
  const args = zone === undefined ? [file.staged] : ['-i', 'local', '-k', zone.strict ? 'fail' : 'ignore', zone.name, file.staged];
  const { code, output } = await runProgram(program, args);
  if (code === 0) return;
  const said = output.replaceAll(file.staged, file.path).split('\n').slice(0, 5).join('\n  ');
  const next = zone === undefined || zone.include === '' ? `luna cluster makedns --debug` : 'luna network change NETWORK --include (or --rev_include)';
  throw new LunaError('invalid', `BIND refuses ${zone === undefined ? file.path : `zone ${zone.name}`}, so nothing was changed:\n  ${said}`, next);
}

/** Zone files that luna wrote for what is gone. */
function orphans(dir: string, wanted: ReadonlySet<string>): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir).filter((name) => name.endsWith(ZONE_FILE_ENDING)).map((name) => join(dir, name))
    .filter((path) => !wanted.has(path) && textOf(path)?.startsWith(`; ${BIND_MARK}`) === true);
}
