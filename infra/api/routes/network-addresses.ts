import * as z from 'zod';
import { leaseViews, leaseViewSchema } from '../../../domain/lease-views.ts';
import { networkAddresses } from '../../../domain/network-addresses.ts';
import { networkAddressesViewSchema } from '../../../domain/views.ts';
import { type Route, route } from '../route.ts';
import { named } from './objects.ts';

/** Who has which address. */
export const networkRoutes: Route[] = [
  route({
    method: 'get', path: '/networks/{name}/addresses', id: 'listNetworkAddresses', tag: 'networks', role: 'viewer',
    summary: 'List who has which address of a network, and which are free',
    answer: { status: 200, schema: networkAddressesViewSchema },
    handle({ deps: { documents }, param }) {
      const site = documents.site.current();
      return networkAddresses(site, named(site.networks.values(), 'network', param('name')));
    },
  }),
  route({
    method: 'get', path: '/networks/{name}/leases', id: 'listLeases', tag: 'networks', role: 'viewer',
    summary: 'List which addresses of the dynamic range are leased, and to whom',
    answer: { status: 200, schema: z.array(leaseViewSchema) },
    async handle({ deps: { documents }, param }) {
      const site = documents.site.current();
      return leaseViews(site, named(site.networks.values(), 'network', param('name')), await documents.leases(), new Date().toISOString());
    },
  }),
];
