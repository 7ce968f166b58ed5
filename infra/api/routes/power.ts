import { Router } from 'express';
import * as z from 'zod';
import { POWER_ACTIONS } from '../../../domain/power.ts';
import { parseBody } from '../body.ts';
import type { ApiDeps } from '../deps.ts';
import { forNodes, nodeNames } from './node-names.ts';

const powerSchema = z.strictObject({ nodes: nodeNames, action: z.enum(POWER_ACTIONS) });

/** `POST /power`: asks BMCs. */
export function powerRoutes({ documents, lifecycle }: ApiDeps): Router {
  const routes = Router();
  routes.post('/', async (request, response) => {
    const { nodes, action } = parseBody(powerSchema, request.body);
    response.json(await forNodes(documents.site.current(), nodes, (found) => lifecycle.power(found, action)));
  });
  return routes;
}
