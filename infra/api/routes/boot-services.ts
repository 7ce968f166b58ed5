import * as z from 'zod';
import { rogueViewSchema } from '../../../domain/rogue-server.ts';
import { serviceCountsSchema } from '../../../domain/service-counts.ts';
import { type Route, route } from '../route.ts';

/** What the boot services did, and which foreign ones they found. */
export const bootServiceRoutes: Route[] = [
  route({
    method: 'get', path: '/boot/status', id: 'showBootStatus', tag: 'boot', role: 'viewer',
    summary: 'Show what the boot services did since they were started',
    description: 'Counts of packets and requests by kind and result, bytes, the mean time of an answer. For Prometheus the same is at `/metrics`, outside of this path.',
    answer: { status: 200, schema: z.array(serviceCountsSchema) },
    handle: ({ deps: { metrics } }) => metrics.services(),
  }),
  route({
    method: 'get', path: '/boot/rogues', id: 'listRogueServers', tag: 'boot', role: 'viewer',
    summary: 'List DHCP servers on the networks luna serves that are not this controller',
    description: 'Looked for every 10 s with a question of the controller\'s own; forgotten three minutes after they were seen last. Not looked for where the network says `dhcp: proxy` or `off`.',
    answer: { status: 200, schema: z.array(rogueViewSchema) },
    handle: ({ deps: { documents } }) => documents.rogues(),
  }),
];
