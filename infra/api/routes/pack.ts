import * as z from 'zod';
import { packConsequences } from '../../../domain/consequences/acts.ts';
import { LunaError } from '../../../domain/errors.ts';
import type { Osimage } from '../../../domain/osimage.ts';
import { packStatusSchema } from '../../../domain/run-views.ts';
import { type Call, type Route, route } from '../route.ts';
import { named } from './objects.ts';

const [path, tag] = ['/osimages/{name}/pack', 'osimages'] as const;

function osimage({ deps: { documents }, param }: Call<unknown, unknown>): Osimage {
  return named(documents.site.current().osimages.values(), 'osimage', param('name'));
}

/** Packing an image: start or attach to, follow, cancel. */
export const packRoutes: Route[] = [
  route({
    method: 'post', path, id: 'packOsimage', tag, role: 'operator',
    summary: 'Pack an image, or attach to the pack that runs',
    answer: { status: 202, schema: z.object({ workflowId: z.string(), runId: z.string() }) },
    rehearse: (call) => packConsequences(call.deps.documents.site.current(), osimage(call)),
    handle: (call) => call.deps.lifecycle.pack(osimage(call)),
  }),
  route({
    method: 'get', path, id: 'showPack', tag, role: 'viewer',
    summary: 'Show how the newest pack of an image stands',
    answer: { status: 200, schema: packStatusSchema },
    async handle(call) {
      const status = await call.deps.lifecycle.packStatus(osimage(call));
      // Another process put the version in use: who is told that it is done finds it in whatever he asks next.
      if (status.state === 'done') await call.deps.documents.site.refresh();
      return status;
    },
  }),
  route({
    method: 'delete', path, id: 'cancelPack', tag, role: 'operator',
    summary: 'Cancel the pack of an image',
    answer: { status: 204 },
    rehearse: (call) => [`The pack of osimage ${osimage(call).name} ends, if one runs; the image stays as it was packed last.`],
    async handle(call) {
      const name = call.param('name');
      if (!await call.deps.lifecycle.cancelPack(osimage(call))) throw new LunaError('conflict', `osimage ${name} is not being packed`, `luna osimage show ${name}`);
    },
  }),
];
