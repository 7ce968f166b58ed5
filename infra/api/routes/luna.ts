import * as z from 'zod';
import { openApiText } from '../openapi.ts';
import { type Route, route } from '../route.ts';

const health = z.object({ ok: z.boolean(), address: z.string(), message: z.string(), ui: z.string().nullable().optional() });

/** How luna is, and what its API can do. */
export const lunaRoutes: Route[] = [
  route({
    method: 'get', path: '/status', id: 'showStatus', tag: 'luna', role: 'viewer',
    summary: 'Show how the database and the workflow engine are',
    answer: { status: 200, schema: z.object({ parts: z.object({ store: health, temporal: health }) }) },
    async handle({ deps: { documents, lifecycle } }) {
      const [store, temporal] = await Promise.all([documents.health(), lifecycle.health()]);
      return { parts: { store, temporal } };
    },
  }),
];

/** This API in OpenAPI 3.1. `routes` is asked when the first caller wants it. */
export const descriptionRoute = (routes: () => readonly Route[]): Route => route({
  method: 'get', path: '/openapi.json', id: 'describeApi', tag: 'luna', role: 'viewer',
  summary: 'Describe this API',
  description: 'This document, in OpenAPI 3.1.',
  answer: { status: 200, text: 'application/json' },
  handle: () => openApiText(routes()),
});
