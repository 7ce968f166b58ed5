import type { LunaError } from './errors.ts';
import type { SiteChange } from './site-changes.ts';
import type { SiteProblem } from './site-problems.ts';

/**
 * How a site file is applied, and how to refuse one that is wrong. `problems` are known already: then nothing is applied,
 * but the rest is looked through; `unread` are the objects that had to be left out for them, as `section/name`.
 */
export interface ApplyOptions {
  prune: boolean;
  dryRun: boolean;
  problems: readonly SiteProblem[];
  unread: ReadonlySet<string>;
  refuse(problems: readonly SiteProblem[]): LunaError;
}

/** What was done, or with `dryRun` would be; then with what follows from it. */
export interface Applied { changes: SiteChange[]; consequences?: string[] }
