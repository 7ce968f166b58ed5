import * as z from 'zod';
import { powerConsequences } from '../../../domain/consequences/acts.ts';
import { nameSchema } from '../../../domain/objects.ts';
import { POWER_ACTIONS } from '../../../domain/power.ts';
import { powerAnswerSchema } from '../../../domain/run-views.ts';
import { type Route, route } from '../route.ts';
import { forNodes, nodeNames, nodesOf } from './node-names.ts';

/** What BMCs are asked for. */
export const powerRoutes: Route[] = [
  route({
    method: 'post', path: '/power', id: 'powerNodes', tag: 'power', role: 'operator',
    summary: 'Ask the BMCs of some nodes for something',
    description: 'One answer per node, in the order asked; what one can not do stops no other. `interface`: whose address the BMCs answer at, BMC when absent.',
    body: z.strictObject({ nodes: nodeNames, action: z.enum(POWER_ACTIONS), interface: nameSchema.optional() }),
    answer: { status: 200, schema: z.array(powerAnswerSchema) },
    async rehearse({ deps: { documents }, body: { nodes, action, interface: name } }) {
      const site = documents.site.current();
      const found = nodesOf(site, nodes);
      return powerConsequences(site, found, await documents.newestRuns(found.map(({ _id }) => _id)), action, name);
    },
    handle: ({ deps: { documents, lifecycle }, body: { nodes, action, interface: name } }) =>
      forNodes(documents.site.current(), nodes, (found) => lifecycle.power(found, action, name)),
  }),
];
