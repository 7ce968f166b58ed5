import * as z from 'zod';
import { switchMacViews } from '../../../domain/switch-macs.ts';
import { switchMacViewSchema } from '../../../domain/views.ts';
import { type Route, route } from '../route.ts';

/** What switches see. */
export const macRoutes: Route[] = [
  route({
    method: 'get', path: '/macs', id: 'listMacs', tag: 'switches', role: 'viewer',
    summary: 'List which MAC stands on which switch port',
    description: 'Read from the switches when asked; one that does not answer within seconds is left out.',
    answer: { status: 200, schema: z.array(switchMacViewSchema) },
    async handle({ deps: { documents, switchMacs } }) {
      const site = documents.site.current();
      return switchMacViews(site, await switchMacs(site));
    },
  }),
];
