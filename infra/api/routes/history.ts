import * as z from 'zod';
import { OBJECT_KINDS } from '../../../domain/change.ts';
import { changeView, changeViewSchema } from '../../../domain/change-view.ts';
import { LunaError } from '../../../domain/errors.ts';
import type { Documents } from '../documents.ts';
import { linkNext } from '../page.ts';
import { type Route, route } from '../route.ts';

const text = (what: string) => z.string().min(1).max(200).optional().describe(what);

/** The history of what is declared, and taking some of it back. */
export const historyRoutes: Route[] = [
  route({
    method: 'get', path: '/changes', id: 'listChanges', tag: 'luna', role: 'viewer', paged: true,
    summary: 'Show who changed what, newest first',
    query: z.strictObject({
      kind: z.enum([...OBJECT_KINDS, 'mac', 'artefact']).optional().describe('Changes of this kind of object alone.'),
      name: text('Changes of what is or was called so.'),
      tx: text('The changes that were made together under this word.'),
      by: text('Changes that this caller made.'),
      after: text('Only changes older than this one, by its _id.'),
      limit: z.coerce.number().int().min(1).max(20_000).default(100).describe('At most so many.'),
    }),
    answer: { status: 200, schema: z.array(changeViewSchema) },
    async handle({ deps: { documents }, query, request, response }) {
      const lines = await documents.history(query);
      const last = lines.at(-1);
      if (last && lines.length === query.limit) linkNext({ request, response }, last._id);
      return lines.map((line) => changeView(documents.site.current(), line));
    },
  }),
  route({
    method: 'post', path: '/changes/{tx}/undo', id: 'undoChange', tag: 'luna', role: 'admin', tried: true,
    summary: 'Take a whole change back',
    description: 'Refused when something later touched the same fields; the answer names it. `last` is the newest change of the caller. Undoing is a change, which can be undone.',
    answer: { status: 200, schema: z.object({ undone: z.string(), tx: z.string(), lines: z.number().int(), objects: z.string(), secrets: z.array(z.object({ kind: z.enum(['bmcsetup', 'switch']), name: z.string() })), unpacked: z.array(z.string()) }) },
    async handle({ deps: { documents }, param, caller }) {
      const undone = await documents.undo(param('tx') === 'last' ? await lastOf(documents, caller.by) : param('tx'), caller.by);
      await documents.site.refresh();
      return undone;
    },
  }),
];

async function lastOf(documents: Documents, by: string): Promise<string> {
  const [newest] = await documents.history({ by, limit: 1 });
  if (!newest) throw new LunaError('not-found', `${by} has changed nothing yet`, 'luna history');
  return newest.tx;
}
