import * as z from 'zod';
import { LunaError } from '../../../domain/errors.ts';
import { exportSite } from '../../../domain/site-export.ts';
import { type ReadSiteFile, siteFileSchema } from '../../../domain/site-file.ts';
import type { SiteProblem } from '../../../domain/site-problems.ts';
import type { Site } from '../../../domain/site.ts';
import { siteAnswerSchema } from '../../../domain/site-views.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';
import { scriptMistakes } from '../script-mistakes.ts';
import { type ReadSite, readSite, siteYaml } from '../site-yaml.ts';

/** What fits into a site file of a hundred thousand nodes. */
const LIMIT = '64mb';

const yaml = 'application/yaml';
const SCRIPTS = ['prescript', 'partscript', 'postscript'] as const;
const yes = z.literal('1').optional();

/** The whole site as one file: `GET /site` (YAML, or `?format=json`), `POST /site` (YAML or JSON), `GET /site/schema`. */
export const siteRoutes: Route[] = [
  route({
    method: 'get', path: '/site/schema', id: 'describeSiteFile', tag: 'site', role: 'viewer',
    summary: 'Show the JSON Schema of the site file, for editors',
    answer: { status: 200, schema: z.record(z.string(), z.unknown()) },
    handle: () => siteSchema(),
  }),
  route({
    method: 'get', path: '/site', id: 'exportSite', tag: 'site', role: 'viewer',
    summary: 'Export the whole site as one file',
    query: z.strictObject({ format: z.enum(['yaml', 'json']).optional(), secrets: yes.describe('With passwords and communities; for admins.') }),
    answer: { status: 200, schema: siteFileSchema, io: 'input', text: yaml },
    async handle({ deps: { documents }, query, caller }) {
      if (query.secrets && caller.role !== 'admin') throw new LunaError('forbidden', `the role ${caller.role} may not see secrets`, 'luna export');
      const site = exportSite(await documents.site.refresh(), query.secrets ? await documents.secrets() : undefined);
      return query.format === 'json' ? site : siteYaml(site);
    },
  }),
  route({
    method: 'post', path: '/site', id: 'applySite', tag: 'site', role: 'admin',
    summary: 'Make the site what a file says, all of it or nothing',
    query: z.strictObject({ prune: yes.describe('Remove what the sections of the file do not name.'), dry_run: yes.describe('Change nothing, only tell what would.') }),
    source: { schema: z.union([siteFileSchema, z.string()]), texts: [yaml, 'application/x-yaml', 'text/*'], limit: LIMIT },
    answer: { status: 200, schema: siteAnswerSchema },
    async handle({ deps, query, source, caller }) {
      const { documents } = deps;
      const read = await readSite(source);
      const site = documents.site.current();
      const problems = [...read.problems, ...await wrongTrees(read, site, deps), ...await unreadableScripts(read, site)];
      const dryRun = query.dry_run === '1';
      const applied = await documents.applySite(read.file, { prune: query.prune === '1', dryRun, refuse: read.refuse, problems, unread: read.unread }, caller.by);
      if (!dryRun && applied.changes.length > 0) await documents.site.refresh();
      return applied;
    },
  }),
];

/** The JSON Schema of the site file, for editors. */
export function siteSchema(): object {
  return { title: 'A luna site', ...z.toJSONSchema(siteFileSchema, { io: 'input' }) };
}

/** A tree that is new must be there, and none of luna's own: only this machine can tell. */
async function wrongTrees({ file }: ReadSite, site: Site, { isDirectory, treeMistake }: Pick<ApiDeps, 'isDirectory' | 'treeMistake'>): Promise<SiteProblem[]> {
  const known = new Set([...site.osimages.values()].map(({ path }) => path));
  const problems: SiteProblem[] = [];
  for (const [name, { path }] of Object.entries<NonNullable<ReadSiteFile['osimages']>[string]>(file.osimages ?? {})) {
    if (known.has(path)) continue;
    const message = await treeMistake(path) ?? (await isDirectory(path) ? null : `${path} is no directory on the controller`);
    if (message !== null) problems.push({ path: ['osimages', name, 'path'], message });
  }
  return problems;
}

/** A script that is new must be one that the shell can read. */
async function unreadableScripts({ file }: ReadSite, site: Site): Promise<SiteProblem[]> {
  const known = new Map([...site.groups.values()].map((group) => [group.name, group]));
  const problems: SiteProblem[] = [];
  for (const [name, group] of Object.entries<NonNullable<ReadSiteFile['groups']>[string]>(file.groups ?? {})) {
    for (const key of SCRIPTS) {
      const script = group[key];
      if (script === undefined || script === known.get(name)?.[key]) continue;
      const mistakes = await scriptMistakes(script);
      if (mistakes.length > 0) problems.push({ path: ['groups', name, key], message: `the shell can't read it: ${mistakes.join(' ')}` });
    }
  }
  return problems;
}
