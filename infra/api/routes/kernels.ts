import * as z from 'zod';
import { kernelViewSchema } from '../../../domain/views.ts';
import { type Route, route } from '../route.ts';
import { named } from './objects.ts';

/** What kernels an image has. */
export const kernelRoutes: Route[] = [
  route({
    method: 'get', path: '/osimages/{name}/kernels', id: 'listKernels', tag: 'osimages', role: 'viewer',
    summary: 'List the kernels in the tree of an image, oldest first',
    description: '`current` is the one that the next pack takes; it is listed even when it is not there.',
    answer: { status: 200, schema: z.array(kernelViewSchema) },
    async handle({ deps: { documents, trees }, param }) {
      const { path, kernver } = named(documents.site.current().osimages.values(), 'osimage', param('name'));
      const there = await trees.kernels(path);
      const current = kernver ?? there.at(-1);
      const missing = current === undefined || there.includes(current) ? [] : [current];
      return [...there, ...missing].map((release) => ({ kernver: release, current: release === current, installed: there.includes(release) }));
    },
  }),
];
