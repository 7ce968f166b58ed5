import { Router } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { unknownViews } from '../../../domain/node-views.ts';
import { type ApiDeps, SCRIPT_KINDS, type ScriptKind } from '../deps.ts';
import { named } from './objects.ts';

/** `GET /nodes/:name/script/:kind`: the text the node would get now. */
export function scriptRoutes({ documents, renderScript }: ApiDeps): Router {
  const routes = Router();
  routes.get('/nodes/:name/script/:kind', async (request, response) => {
    const { name, kind } = request.params;
    if (!isScript(kind)) throw new LunaError('invalid', `there is no script named ${kind}; known are ${SCRIPT_KINDS.join(', ')}`);
    const site = documents.site.current();
    named(site.nodes.values(), 'node', name);
    const text = await renderScript(site, name, kind);
    response.type('text/plain').send(text);
  });
  return routes;
}

/** `GET /unknown`: machines that asked for an address and fit no node. */
export function unknownRoutes({ documents }: ApiDeps): Router {
  const routes = Router();
  routes.get('/unknown', async (_request, response) => {
    response.json(unknownViews(documents.site.current(), await documents.sightings()));
  });
  return routes;
}

function isScript(kind: string): kind is ScriptKind {
  return (SCRIPT_KINDS as readonly string[]).includes(kind);
}
