import * as z from 'zod';
import type { Site } from '../../../domain/site.ts';
import { type Route, route } from '../route.ts';

const KINDS = ['nodes', 'groups', 'networks', 'switches', 'otherdevs', 'osimages', 'bmcsetups'] as const;

/** `GET /names/{kind}`: what completion asks at each press of a key; a list of views would cost it hundreds of times as much. */
export const nameRoutes: Route[] = [
  route({
    method: 'get', path: '/names/{kind}', id: 'listNames', tag: 'luna', role: 'viewer',
    summary: 'List the names of one kind of object',
    description: `Kinds: ${KINDS.join(', ')}. Of another kind there are none.`,
    query: z.strictObject({ prefix: z.string().max(255).optional().describe('Only those that begin like this.'), limit: z.coerce.number().int().min(1).max(10_000).optional() }),
    answer: { status: 200, schema: z.array(z.string()) },
    handle({ deps: { documents }, param, query: { prefix = '', limit = 10_000 } }) {
      return Promise.resolve(namesOf(documents.site.current(), param('kind')).filter((name) => name.startsWith(prefix)).slice(0, limit));
    },
  }),
];

function namesOf(site: Site, kind: string): string[] {
  const known = KINDS.find((one) => one === kind);
  const objects: readonly { name: string }[] = known === undefined ? [] : [...site[known].values()];
  return objects.map(({ name }) => name);
}
