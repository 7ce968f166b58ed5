import assert from 'node:assert/strict';
import type { Imported } from '../../domain/import/imported.ts';
import { notesText } from '../../domain/import/imported.ts';
import { exportSite } from '../../domain/site-export.ts';
import { siteFileSchema, type SiteFile } from '../../domain/site-file.ts';
import { planSite } from '../../domain/site-plan.ts';
import type { Site } from '../../domain/site.ts';

/** Nothing declared at all. */
export const emptySite: Site = {
  cluster: null, networks: new Map(), switches: new Map(), otherdevs: new Map(), osimages: new Map(), artefacts: new Map(), bmcsetups: new Map(),
  groups: new Map(), nodes: new Map(), nodesByName: new Map(), macs: new Map(), macsOf: new Map(),
};

/** The site that a file makes of another, as a file again; the file must be without fault. */
export function applied(file: SiteFile, before: Site = emptySite): { site: Site; file: SiteFile } {
  let ids = 0;
  const plan = planSite(before, siteFileSchema.parse(file), { prune: false, newId: () => `id${ids += 1}` });
  assert.deepEqual(plan.problems, []);
  return { site: plan.after, file: exportSite(plan.after, new Map(plan.secrets.map(({ kind, id, value }) => [`${kind}/${id}`, value]))) };
}

/** The report of an import. */
export const report = ({ notes }: Imported): string[] => notesText(notes);
