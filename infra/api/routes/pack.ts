import { Router } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import type { Osimage } from '../../../domain/osimage.ts';
import type { ApiDeps } from '../deps.ts';
import { named } from './objects.ts';

/** `/osimages/:name/pack`: start or attach to, follow, cancel. */
export function packRoutes({ documents, lifecycle }: ApiDeps): Router {
  const routes = Router();
  const osimage = (name: string): Osimage => named(documents.site.current().osimages.values(), 'osimage', name);

  routes.post('/osimages/:name/pack', async (request, response) => {
    response.status(202).json(await lifecycle.pack(osimage(request.params.name)));
  });
  routes.get('/osimages/:name/pack', async (request, response) => {
    response.json(await lifecycle.packStatus(osimage(request.params.name)));
  });
  routes.delete('/osimages/:name/pack', async (request, response) => {
    const { name } = request.params;
    if (!await lifecycle.cancelPack(osimage(name))) throw new LunaError('conflict', `osimage ${name} is not being packed`, `luna osimage show ${name}`);
    response.status(204).end();
  });
  return routes;
}
