import * as z from 'zod';
import { LunaError } from '../../../domain/errors.ts';
import { unknownViews } from '../../../domain/node-views.ts';
import { unknownViewSchema } from '../../../domain/views.ts';
import { SCRIPT_KINDS, type ScriptKind } from '../deps.ts';
import { page, pageQuery } from '../page.ts';
import { type Route, route } from '../route.ts';
import { named } from './objects.ts';

/** What a node would be given, and machines that are no node's. */
export const nodeRoutes: Route[] = [
  route({
    method: 'get', path: '/nodes/{name}/script/{kind}', id: 'showNodeScript', tag: 'nodes', role: 'viewer',
    summary: 'Show the text a node would get now',
    description: `Kinds: ${SCRIPT_KINDS.join(', ')}. Nothing is armed by looking.`,
    answer: { status: 200, text: 'text/plain' },
    async handle({ deps: { documents, renderScript }, param }) {
      const [name, kind] = [param('name'), param('kind')];
      if (!isScript(kind)) throw new LunaError('invalid', `there is no script named ${kind}; known are ${SCRIPT_KINDS.join(', ')}`);
      const site = documents.site.current();
      named(site.nodes.values(), 'node', name);
      return renderScript(site, name, kind);
    },
  }),
  route({
    method: 'get', path: '/unknown', id: 'listUnknown', tag: 'nodes', role: 'viewer', paged: true,
    summary: 'List machines that asked for an address and fit no node',
    query: pageQuery,
    answer: { status: 200, schema: z.array(unknownViewSchema) },
    async handle(call) {
      const { documents } = call.deps;
      const unknown = unknownViews(documents.site.current(), await documents.sightings());
      return call.query.limit === undefined && call.query.after === undefined ? unknown : page(call, unknown.sort((a, b) => (a.mac < b.mac ? -1 : 1)), ({ mac }) => mac);
    },
  }),
];

function isScript(kind: string): kind is ScriptKind {
  return (SCRIPT_KINDS as readonly string[]).includes(kind);
}
