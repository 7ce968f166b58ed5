import { Router } from 'express';
import * as z from 'zod';
import { LunaError } from '../../../domain/errors.ts';
import { isStage, type LunaStage, STAGES } from '../../../domain/stages.ts';
import { parseBody } from '../body.ts';
import type { ApiDeps } from '../deps.ts';
import { forNodes, nodeNames, nodeOf } from './node-names.ts';
import { statuses } from './statuses.ts';

const startSchema = z.strictObject({
  nodes: nodeNames,
  retry: z.boolean().optional(),
  from: z.custom<LunaStage>((word) => typeof word === 'string' && isStage(word), `must be a stage: ${STAGES.join(', ')}`).nullable().optional(),
});
const cancelSchema = z.strictObject({ nodes: nodeNames });
const stageSchema = z.strictObject({ action: z.enum(['retry', 'skip']) });

/** How many runs of a node its history shows. */
const HISTORY = 100;

/** Starting, following, cancelling and looking back at provisions. */
export function provisionRoutes({ documents, lifecycle }: ApiDeps): Router {
  const routes = Router();

  routes.post('/', async (request, response) => {
    const { nodes, retry = false, from = null } = parseBody(startSchema, request.body);
    if (from !== null && !retry) throw new LunaError('invalid', 'from: a new run begins at its beginning; only a retry begins elsewhere', 'luna provision NODE --retry --from STAGE');
    response.json(await forNodes(documents.site.current(), nodes, (found) => lifecycle.provision(found, { retry, from })));
  });

  routes.get('/', async (request, response) => {
    const site = documents.site.current();
    const asked = typeof request.query['nodes'] === 'string' ? request.query['nodes'].split(',').filter((name) => name !== '') : [];
    response.json(await statuses(documents, site, asked));
  });

  routes.post('/cancel', async (request, response) => {
    const { nodes } = parseBody(cancelSchema, request.body);
    response.json(await forNodes(documents.site.current(), nodes, (found) => lifecycle.cancel(found)));
  });

  routes.get('/:node/history', async (request, response) => {
    response.json(await documents.runsOf(nodeOf(documents.site.current(), request.params.node)._id, HISTORY));
  });

  routes.get('/:node/log', async (request, response) => {
    const [newest] = await documents.runsOf(nodeOf(documents.site.current(), request.params.node)._id, 1);
    response.json(newest ? await documents.evidenceOfRuns([newest._id]) : []);
  });

  routes.post('/:node/stage', async (request, response) => {
    const { action } = parseBody(stageSchema, request.body);
    response.json(await lifecycle.stage(nodeOf(documents.site.current(), request.params.node), action));
  });

  return routes;
}
