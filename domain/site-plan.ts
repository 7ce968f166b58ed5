import type { Site } from './site.ts';
import { Draft, type DraftOptions } from './site-draft.ts';
import type { ReadSiteFile } from './site-file.ts';
import { placeNetworks, placeOthers, prune } from './site-plan-objects.ts';
import { placeGroups } from './site-plan-groups.ts';
import { placeNodes } from './site-plan-nodes.ts';
import { checkSite } from './site-checks.ts';
import type { SiteProblem } from './site-problems.ts';

/** A secret to be written with its object. */
export interface PlannedSecret { kind: 'bmcsetup' | 'switch'; id: string; name: string; value: string }

/** What becomes of a site when a file is applied to it; nothing is done yet. An object that stays is the same object in `after`. */
export interface SitePlan {
  before: Site;
  after: Site;
  secrets: PlannedSecret[];
  /** Why it can't be; then `after` is of no use. */
  problems: SiteProblem[];
}

/** Decides what a file makes of a site. With `prune`, what a section of the file doesn't name is removed. */
export function planSite(before: Site, file: ReadSiteFile, options: DraftOptions): SitePlan {
  const draft = new Draft(before, options);
  if (options.prune) prune(draft, file);
  placeNetworks(draft, file);
  placeOthers(draft, file);
  placeGroups(draft, file);
  placeNodes(draft, file);
  checkSite(draft);
  return { before, after: draft.site, secrets: draft.secrets, problems: draft.problems.found };
}
