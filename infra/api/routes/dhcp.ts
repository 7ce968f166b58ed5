import { dhcpPlan } from '../../../domain/dhcp-plan.ts';
import { dhcpPlanSchema } from '../../../domain/dhcp-views.ts';
import { LunaError } from '../../../domain/errors.ts';
import { iscConfig } from '../../../domain/isc-dhcp.ts';
import { keaConfig } from '../../../domain/kea.ts';
import { type Route, route } from '../route.ts';

const RENDERERS: Readonly<Record<string, typeof keaConfig>> = { kea: keaConfig, isc: iscConfig };

/** What a DHCP server of another make has to be told, as data and as the configuration of Kea or ISC's dhcpd. */
export const dhcpRoutes: Route[] = [
  route({
    method: 'get', path: '/dhcp', id: 'showDhcp', tag: 'networks', role: 'viewer',
    summary: 'Show what a DHCP server has to be told, as data',
    answer: { status: 200, schema: dhcpPlanSchema },
    handle: ({ deps: { documents } }) => dhcpPlan(documents.site.current()),
  }),
  route({
    method: 'get', path: '/dhcp/{server}', id: 'showDhcpConfiguration', tag: 'networks', role: 'viewer',
    summary: 'Show the configuration of a DHCP server',
    description: `Servers: ${Object.keys(RENDERERS).join(', ')}.`,
    answer: { status: 200, text: 'text/plain' },
    handle({ deps: { documents }, param }) {
      const server = param('server');
      const render = Object.hasOwn(RENDERERS, server) ? RENDERERS[server] : undefined;
      if (render === undefined) throw new LunaError('not-found', `there is no configuration for ${server}; known are ${Object.keys(RENDERERS).join(', ')}`);
      return render(dhcpPlan(documents.site.current()));
    },
  }),
];
