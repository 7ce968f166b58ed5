import type { Site } from '../../domain/site.ts';
import type { Log } from '../log.ts';
import type { Documents } from './documents.ts';
import type { Lifecycle } from './lifecycle.ts';

/** What a node would be given to run. */
export const SCRIPT_KINDS = ['boot', 'install', 'network'] as const;
export type ScriptKind = (typeof SCRIPT_KINDS)[number];

/** The hands of the API. */
export interface ApiDeps {
  documents: Documents;
  lifecycle: Lifecycle;
  /** The text a node would get now. Throws LunaError for what is missing. */
  renderScript(site: Site, nodeName: string, kind: ScriptKind): Promise<string>;
  /** Whether a path is a directory on this machine. */
  isDirectory(path: string): Promise<boolean>;
  log: Log;
}
